import { isRecord } from '../../core/is-record.ts'
import type { Platform } from '../platform.ts'
import type { Hyperdrive } from './hyperdrive.ts'
import { platformIdentity } from './identity.ts'

/**
 * Cloudflare Workers: the variables are bindings, which come with every request and every cron event.
 * @param hyperdrive asks Postgres over TCP; without it over HTTP alone
 */
export const cloudflare = (hyperdrive: Hyperdrive | undefined): Platform => ({
  environmentOf: (bindings) => (isRecord(bindings) ? bindings : {}),
  ...(hyperdrive && { connect: hyperdrive }),
  identityOf: platformIdentity,
  // Only a test of the application comes without an ExecutionContext, and its process ends by itself.
  waitUntil() {},
  sunday: 1,
  loadSentry: async () => (await import('./sentry.ts')).sdk,
})
