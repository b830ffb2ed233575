import { isRecord } from '../../core/is-record.ts'
import type { Platform } from '../platform.ts'
import { platformIdentity } from './identity.ts'

/** Cloudflare Workers: the variables are bindings, which come with every request and every cron event. */
export const cloudflare: Platform = {
  environmentOf: (bindings) => (isRecord(bindings) ? bindings : {}),
  identityOf: platformIdentity,
  // Only a test of the application comes without an ExecutionContext, and its process ends by itself.
  waitUntil() {},
  sunday: 1,
  loadSentry: async () => (await import('./sentry.ts')).sdk,
}
