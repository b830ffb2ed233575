import { handle } from 'hono/aws-lambda'
import type { RequestContext } from './app.ts'
import { createBackground } from './background.ts'
import { validateOwnChecks } from './checks/own.ts'
import { systemClock } from './clock.ts'
import { type ApplicationOptions, createHealth, type Health } from './health.ts'
import { type LambdaAnswer, notOurs, toAnswer } from './lambda-answer.ts'
import { type Call, readCall } from './lambda-event.ts'
import type { Identity } from './report.ts'
import { refuseMethod } from './writer.ts'

/** How long an answer waits for its sinks, in ms: Lambda freezes whatever is under way when the answer has left. */
const flushMs = 500
/** What an answer may take beyond the deadline in all, in ms, less what the platform needs to send it. */
const graceMs = 150

const loadSentry = async () => (await import('./sinks/sentry/node.ts')).sdk

/**
 * The health check as an AWS Lambda function, behind a Function URL or an HTTP API and called by a schedule.
 *
 * @example
 * import { createHandler } from 'edge-health-check/lambda'
 * import expected from '../.edge-health/expected.json' with { type: 'json' }
 *
 * export const handler = createHandler({ expected })
 */
export function createHandler(options: ApplicationOptions = {}) {
  validateOwnChecks(options.checks ?? [])
  let health: Health | undefined
  /** @throws {Error} when a scheduled run could not be made; a request is always answered */
  return async function handler(event: unknown): Promise<LambdaAnswer | undefined> {
    const arrivedAt = systemClock.now()
    const call = readCall(event)
    if (call.kind === 'unknown') return toAnswer(notOurs('neither an HTTP request nor a schedule'))
    // One for each instance, not for each event: the cache lives in it.
    health ??= createHealth({ ...options, environment: process.env, loadSentry })
    const identity = health.identity(platformIdentity())
    if (call.kind === 'request') return answerRequest(health, { ...identity, arrivedAt }, call)
    await health.scheduled({ ...identity, schedule: call.schedule })
    return undefined
  }
}

async function answerRequest(
  { app, config }: Health,
  arrival: Identity & { readonly arrivedAt: number },
  { event, method, url }: Call & { kind: 'request' },
): Promise<LambdaAnswer> {
  // The adapter cannot make a request of every method, and answers in text where it cannot.
  if (method !== 'GET' && method !== 'HEAD') return toAnswer(refuseMethod())
  if (event.body) return toAnswer(notOurs('a GET or HEAD request with a body'))
  if (!URL.canParse(url)) return toAnswer(notOurs('a request whose host or path is no part of a URL'))
  const { waitUntil, settled } = createBackground()
  const context: RequestContext = { ...arrival, waitUntil }
  const adapted = { fetch: (request: Request) => app.fetch(request, context) }
  const answer = (await handle(adapted as typeof app)(event)) as LambdaAnswer
  if (answer.headers['content-type'] !== 'application/json') {
    return toAnswer(notOurs('a request with headers that cannot be read'))
  }
  const leftMs = arrival.arrivedAt + config.timing.deadlineMs + graceMs - systemClock.now()
  const enough = new AbortController()
  await Promise.race([
    settled().then(() => enough.abort()),
    systemClock.sleep(Math.max(0, Math.min(flushMs, leftMs)), enough.signal),
  ])
  return answer
}

function platformIdentity(): Identity {
  const { AWS_LAMBDA_FUNCTION_NAME: name = 'health-check', AWS_REGION: region } = process.env
  return { hostname: region ? `${name}/${region}` : name, release: undefined }
}
