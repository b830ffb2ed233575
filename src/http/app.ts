import type { Context } from 'hono'
// A few routes need no faster router than its, and the Worker is 2.5 KiB gzip smaller.
import { Hono } from 'hono/tiny'
import { timingSafeEqual } from 'hono/utils/buffer'
import type { CacheRequest } from '../core/cache/cache.ts'
import type { Result } from '../core/check.ts'
import type { Clock } from '../core/clock.ts'
import { type Identity, toReport } from '../core/report.ts'
import { errorResponse, heading, httpStatus, jsonResponse, methodNotAllowed, toBody } from './response.ts'

/** What the platform says of one request. */
export interface RequestContext extends Identity {
  /** Epoch ms at which the request reached this function. */
  readonly arrivedAt: number
  readonly waitUntil: (work: Promise<unknown>) => void
}

/** A request for results, with the identity that the answer shows. */
export interface ResultsRequest extends CacheRequest, Identity {}

/** What answers a request. */
export interface AppOptions {
  readonly clock: Clock
  /** Every check that exists here, in the order of the answer. */
  readonly checkers: readonly string[]
  /** Who shows it gets details and may ask afresh; with none, credentials are ignored. */
  readonly token: string | undefined
  readonly failedStatus: number
  readonly deadlineMs: number
  readonly results: (names: readonly string[], request: ResultsRequest) => Promise<readonly Result[]>
  /** A bug of our own that reached the app. */
  readonly onBug: (error: unknown, context: RequestContext) => void
}

/** One request, as {@link createApp} needs it. */
export interface AppRequest {
  readonly options: AppOptions
  readonly context: RequestContext
}

const path = '/health-check'

/**
 * Routes, methods and the token. Every answer is JSON that nobody may cache. Mounted in another app (`app.route`), it answers
 * all methods and paths at and below the path of the health check; every other request stays with that app.
 *
 * @param readRequest the only place that knows the bindings, which are those of the app around this one
 */
export function createApp(readRequest: (context: Context) => AppRequest): Hono {
  const app = new Hono()
  const refuseBug = (error: unknown, { options, context }: AppRequest): Response => {
    options.onBug(error, context)
    return errorResponse(500, 'internal_error', 'the health check itself is broken')
  }
  // `all`, since a mounted app takes its routes along but not its notFound. One route alone is called without middleware.
  for (const live of [`${path}/live`, `${path}/live/`]) {
    app.all(live, (context) => (isRead(context) ? answerLive(readRequest(context)) : methodNotAllowed()))
  }
  for (const health of [path, `${path}/`]) {
    app.all(health, (context) => {
      if (!isRead(context)) return methodNotAllowed()
      const request = readRequest(context)
      // Hono hands onError nothing but Errors, and passes on whatever else was thrown.
      return answerHealth(context.req.raw, request).catch((thrown) => refuseBug(thrown, request))
    })
  }
  app.all(`${path}/:rest{.+}`, refusePath)
  app.notFound(refusePath)
  app.onError((error, context) => refuseBug(error, readRequest(context)))
  return app
}

/** Hono answers HEAD by the route of GET, and takes the body away. */
const isRead = ({ req: { method } }: Context): boolean => method === 'GET' || method === 'HEAD'

const refusePath = (context: Context): Response =>
  isRead(context) ? errorResponse(404, 'not_found', `the health check is at ${path}`) : methodNotAllowed()

const answerLive = ({ options, context }: AppRequest): Response =>
  jsonResponse(heading(true, context, options.clock.now()), 200)

async function answerHealth(request: Request, { options, context }: AppRequest): Promise<Response> {
  const { clock, checkers, token, failedStatus, deadlineMs } = options
  const query = queryOf(request.url)
  const credential = bearer(request.headers.get('authorization'))
  const trusted =
    token !== undefined && credential !== undefined && (await timingSafeEqual(token, credential))
  if (token !== undefined && credential !== undefined && !trusted) {
    return errorResponse(401, 'unauthorized', 'the token is wrong', {}, challenge)
  }
  const fresh = query.has('fresh')
  if (fresh && !trusted) return errorResponse(401, 'unauthorized', 'fresh needs the token', {}, challenge)
  const asked = askedFor(query.getAll('check'))
  if (asked.some((name) => !checkers.includes(name))) {
    return errorResponse(404, 'unknown_check', 'there is no such check here', { checks: checkers })
  }
  const names = checkers.filter((name) => asked.length === 0 || asked.includes(name))
  const deadlineAt = context.arrivedAt + deadlineMs
  const results = await options.results(names, { ...context, fresh, deadlineAt })
  const report = toReport(results, context, clock.now())
  return jsonResponse(toBody(report, trusted), httpStatus(report, failedStatus))
}

const challenge = { 'WWW-Authenticate': 'Bearer' }

const noQuery = new URLSearchParams()

/** Most requests have no query, and parsing a whole URL costs much of an answer from the cache. */
function queryOf(url: string): URLSearchParams {
  const start = url.indexOf('?')
  return start < 0 ? noQuery : new URLSearchParams(url.slice(start))
}

/** The token of a Bearer header; other schemes and an empty one are not a credential (RFC 6750, section 2.1). */
function bearer(header: string | null): string | undefined {
  // Trimmed afterwards: an expression that also finds the end is quadratic in the spaces, and anybody may send them.
  return /^bearer +(\S.*)$/i.exec(header ?? '')?.[1]?.trimEnd()
}

/** The names in every `check` parameter; repeats merge, empty entries do not count. */
function askedFor(values: readonly string[]): string[] {
  return values
    .flatMap((value) => value.split(','))
    .map((name) => name.trim())
    .filter((name) => name !== '')
}
