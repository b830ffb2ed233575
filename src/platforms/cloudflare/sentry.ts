import { CloudflareClient, createTransport, Scope } from '@sentry/cloudflare'
import type { SentrySdk } from '../../notify/sentry/client.ts'
import { stackFrames } from '../../notify/sentry/stack.ts'

/**
 * Sentry in workerd. Only these names: its `withSentry` makes no client for a HEAD request, and `@sentry/node` loses
 * events here.
 */
export const sdk: SentrySdk = {
  createClient: (options) => new CloudflareClient({ ...options, stackParser: stackFrames }),
  createScope: () => new Scope(),
  createTransport,
  stackParser: stackFrames,
}
