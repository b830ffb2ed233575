import type { Hono } from 'hono'
import { handle } from 'hono/aws-lambda'
import { createBackground } from '../../core/background.ts'
import { systemClock } from '../../core/clock.ts'
import { errorResponse, methodNotAllowed } from '../../http/response.ts'
import type { Call } from './event.ts'

/** What Lambda sends back for a request. */
export interface LambdaResponse {
  readonly statusCode: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  readonly isBase64Encoded: boolean
}

/** How long an answer waits for its notifiers, in ms: Lambda freezes whatever is under way when the answer has left. */
const flushMs = 500
/** What an answer may take beyond the deadline in all, in ms, less what the platform needs to send it. */
const graceMs = 150

/**
 * Asks the app, and waits a little for the notifiers.
 * @param deadlineAt epoch ms before which the app answers
 */
export async function answerRequest(
  app: Hono,
  { event, method, url }: Call & { kind: 'request' },
  deadlineAt: () => number,
): Promise<LambdaResponse> {
  // The adapter cannot make a request of every method, and answers in text where it cannot.
  if (method !== 'GET' && method !== 'HEAD') return toAnswer(methodNotAllowed())
  if (event.body) return toAnswer(notOurs('a GET or HEAD request with a body'))
  if (!URL.canParse(url)) return toAnswer(notOurs('a request whose host or path cannot be part of a URL'))
  const { waitUntil, settled } = createBackground()
  const context = { waitUntil, passThroughOnException() {}, props: {} }
  const adapted = { fetch: (request: Request) => app.fetch(request, {}, context) }
  const answer = (await handle(adapted as Hono)(event)) as LambdaResponse
  // It is the app that answered where nothing may be cached, whatever the form of the answer is.
  if (answer.headers['cache-control'] !== 'no-store') {
    return toAnswer(notOurs('a request with headers that cannot be read'))
  }
  const leftMs = deadlineAt() + graceMs - systemClock.now()
  const enough = new AbortController()
  await Promise.race([
    settled().then(() => enough.abort()),
    systemClock.sleep(Math.max(0, Math.min(flushMs, leftMs)), enough.signal),
  ])
  return answer
}

/** The answer to an event that is neither a request nor a schedule. */
export const answerUnknown = (): Promise<LambdaResponse> =>
  toAnswer(notOurs('neither an HTTP request nor a schedule'))

/** The answer to what the app cannot be asked by. */
const notOurs = (found: string): Response => errorResponse(400, 'bad_request', `this is ${found}`)

async function toAnswer(response: Response): Promise<LambdaResponse> {
  return {
    statusCode: response.status,
    headers: Object.fromEntries(response.headers),
    body: await response.text(),
    isBase64Encoded: false,
  }
}
