import type { Health } from '../../src/health.ts'
import { createApp, type RequestContext } from '../../src/http/app.ts'

/** Asks the app of a health check as the platform does. */
export async function askHealth(
  { answering }: Pick<Health, 'answering'>,
  path: string,
  context: RequestContext,
  headers: Record<string, string> = {},
): Promise<Response> {
  return createApp(() => ({ options: answering, context })).request(path, { headers })
}
