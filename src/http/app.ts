import { Hono } from 'hono'
import { timingSafeEqual } from 'hono/utils/buffer'
import type { CacheRequest } from '../core/cache/cache.ts'
import type { Result } from '../core/check.ts'
import type { Clock } from '../core/clock.ts'
import { type Identity, toReport } from '../core/report.ts'
import { errorResponse, heading, httpStatus, jsonResponse, methodNotAllowed, toBody } from './response.ts'

/** What the platform says of one request; handed over as Hono's bindings. */
export interface RequestContext extends Identity {
  /** Epoch ms at which the request reached this function. */
  readonly arrivedAt: number
  readonly waitUntil: (work: Promise<unknown>) => void
}

/** A request for results, with the identity that the answer shows. */
export interface ResultsRequest extends CacheRequest, Identity {}

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

export type App = Hono<{ Bindings: RequestContext }>

const path = '/health-check'

/** Routes, methods and the token. Every answer is JSON that nobody may cache. */
export function createApp(options: AppOptions): App {
  const { clock, checkers, token, failedStatus, deadlineMs } = options
  const app: App = new Hono()

  for (const live of [`${path}/live`, `${path}/live/`]) {
    app.get(live, ({ env }) => jsonResponse(heading(true, env, clock.now()), 200))
  }

  const answerHealth = async (request: Request, env: RequestContext): Promise<Response> => {
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
    const results = await options.results(names, { ...env, fresh, deadlineAt: env.arrivedAt + deadlineMs })
    const report = toReport(results, env, clock.now())
    return jsonResponse(toBody(report, trusted), httpStatus(report, failedStatus))
  }
  const refuseBug = (error: unknown, env: RequestContext): Response => {
    options.onBug(error, env)
    return errorResponse(500, 'internal_error', 'the health check itself is broken')
  }
  for (const health of [path, `${path}/`]) {
    // Hono hands onError nothing but Errors, and passes on whatever else was thrown.
    app.get(health, ({ req, env }) => answerHealth(req.raw, env).catch((thrown) => refuseBug(thrown, env)))
  }

  // Every route is a GET route, and Hono answers HEAD by those. A middleware would also run before every answer.
  app.notFound(({ req: { method } }) =>
    method === 'GET' || method === 'HEAD'
      ? errorResponse(404, 'not_found', `the health check is at ${path}`)
      : methodNotAllowed(),
  )
  app.onError((error, { env }) => refuseBug(error, env))
  return app
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
