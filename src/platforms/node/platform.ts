import process from 'node:process'
import type { Platform } from '../platform.ts'
import { platformIdentity } from './identity.ts'
import { nodeTransports } from './transports.ts'
import { waitUntilOnVercel } from './vercel.ts'

/** Node, Bun, Deno and Vercel: the variables are those of the process, whatever the server hands over with a request. */
export const node: Platform = {
  environmentOf: () => process.env,
  connect: (environment) => ({ environment, transports: nodeTransports }),
  identityOf: platformIdentity,
  // A process goes on by itself. What is handed over never rejects.
  waitUntil: waitUntilOnVercel,
  sunday: 0,
  loadSentry: async () => (await import('./sentry.ts')).sdk,
}
