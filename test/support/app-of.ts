import type { Hono } from 'hono'
import type { Health } from '../../src/health.ts'
import { createApp, type RequestContext } from '../../src/http/app.ts'

/** An app whose bindings are what the platform would say of the request. */
export function appOf({ answering }: Pick<Health, 'answering'>): Hono {
  return createApp(({ env }) => ({ options: answering, context: env as RequestContext }))
}
