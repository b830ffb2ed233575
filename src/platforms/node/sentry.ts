import { createTransport, defaultStackParser, NodeClient, Scope } from '@sentry/node'
import type { SentrySdk } from '../../notify/sentry/client.ts'

/** Sentry in Node. Only these names: the whole of `@sentry/node` takes four times as long to load. */
export const sdk: SentrySdk = {
  createClient: (options) =>
    new NodeClient({
      ...options,
      stackParser: defaultStackParser,
      includeServerName: false,
      enableRuntimeChannelInjection: false,
    }) as unknown as ReturnType<SentrySdk['createClient']>,
  createScope: () => new Scope(),
  createTransport,
  stackParser: defaultStackParser,
}
