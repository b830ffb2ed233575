import type { Context } from 'hono'
// A few routes need no faster router than its, and the Worker is 2.5 KiB gzip smaller.
import { Hono } from 'hono/tiny'
import type { CacheRequest } from '../core/cache/cache.ts'
import type { Result } from '../core/check.ts'
import type { Clock } from '../core/clock.ts'
import type { Period } from '../core/period.ts'
import type { Identity } from '../core/report.ts'
import type { KnownHistory } from '../history/history.ts'
import { answerHealth } from './answer-health.ts'
import { answerLast, lastAnswers } from './answer-last.ts'
import { answerPage } from './answer-page.ts'
import { errorResponse, heading, jsonResponse, methodNotAllowed } from './response.ts'
import type { StatusPageOptions } from './status-page/page.ts'
import type { Visibility } from './visibility.ts'

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
  readonly visibility: Visibility
  /** Callers of `?format=ohdear` have to send it, where it is set. */
  readonly ohDearSecret: string | undefined
  readonly failedStatus: number
  readonly deadlineMs: number
  readonly results: (
    names: readonly string[],
    request: ResultsRequest,
  ) => readonly Result[] | Promise<readonly Result[]>
  /** What is known without asking anything, of checks that have a result at all. */
  readonly lastResults: (names: readonly string[], request: ResultsRequest) => Promise<readonly Result[]>
  /** Reads what is known of the past; answers what it has read last, or undefined, when it cannot. Without a store there is none. */
  readonly history: ((request: ResultsRequest) => Promise<KnownHistory | undefined>) | undefined
  /** The maintenance windows that are open or will be, at this time in epoch ms. */
  readonly maintenance: (now: number) => readonly Period[]
  readonly statusPage: StatusPageOptions
  /** A bug of our own that reached the app. */
  readonly onBug: (error: unknown, context: RequestContext) => void
}

/** One request, as {@link createApp} needs it. */
export interface AppRequest {
  readonly options: AppOptions
  readonly context: RequestContext
}

type Answer = (raw: Request, request: AppRequest) => Response | Promise<Response>

const path = '/health-check'

const answerLive: Answer = (_, { options, context }) =>
  jsonResponse(heading(true, context, options.clock.now()), 200)

/** What is answered, by the rest of the path. */
const answers: ReadonlyMap<string, Answer> = new Map<string, Answer>([
  ['', answerHealth],
  ['live', answerLive],
  ['status', answerPage],
  ...Object.entries(lastAnswers).map(([name, last]): [string, Answer] => [
    name,
    (raw, request) => answerLast(raw, request, last),
  ]),
])

/**
 * Routes, methods and the token. No answer may be cached. Mounted in another app (`app.route`), it answers
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
  const answerAt = (context: Context, rest: string): Response | Promise<Response> => {
    const answer = answers.get(rest.replace(/(.)\/$/, '$1'))
    if (!answer || !isRead(context)) return refusePath(context)
    const request = readRequest(context)
    // Hono hands onError nothing but Errors, and passes on whatever else was thrown.
    const refuse = (thrown: unknown) => refuseBug(thrown, request)
    try {
      const response = answer(context.req.raw, request)
      return response instanceof Promise ? response.catch(refuse) : response
    } catch (thrown) {
      return refuse(thrown)
    }
  }
  // `all`, since a mounted app takes its routes along but not its notFound. Few routes, since each is compared with every path.
  for (const health of [path, `${path}/`]) app.all(health, (context) => answerAt(context, ''))
  app.all(`${path}/:rest{.+}`, (context) => answerAt(context, context.req.param('rest')))
  app.notFound(refusePath)
  app.onError((error, context) => refuseBug(error, readRequest(context)))
  return app
}

/** Hono answers HEAD by the route of GET, and takes the body away. */
const isRead = ({ req: { method } }: Context): boolean => method === 'GET' || method === 'HEAD'

const refusePath = (context: Context): Response =>
  isRead(context) ? errorResponse(404, 'not_found', `the health check is at ${path}`) : methodNotAllowed()
