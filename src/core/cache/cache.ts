import { CheckError, faultSentence, type Result, type Status } from '../check.ts'
import type { Clock } from '../clock.ts'
import { followRuns } from './follow.ts'
import { runUnderLease } from './lease.ts'
import { leftUntil } from './left-until.ts'
import { refreshShared } from './refresh-shared.ts'
import type { Results, SharedResults } from './shared-results.ts'
import { createSlots, isFresh } from './slots.ts'

export interface CacheRequest {
  /** Ask anew even where a result has not expired; a run that is already under way counts as fresh. */
  readonly fresh: boolean
  /** Epoch ms before which this request has to be answered. */
  readonly deadlineAt: number
  /** Keeps the runtime alive for work that outlives the answer. */
  readonly waitUntil: (work: Promise<unknown>) => void
}

/**
 * Runs the checks before the request's deadline, calls `onResult` for each as it settles, and never rejects.
 *
 * @param known the result of another check that is kept and has not expired
 */
export type Refresh<Request extends CacheRequest> = (
  names: readonly string[],
  request: Request,
  onResult: (result: Result) => void,
  known: (name: string) => Result | undefined,
) => Promise<unknown>

/**
 * Settled results per check until they expire, and a lease per check so that one request refreshes.
 *
 * Nothing in here is ever a promise of another request: on Workers awaiting one hangs or throws once its request has
 * ended (https://github.com/cloudflare/workerd/issues/210). Followers look at settled values on timers of their own.
 */
export interface Cache<Request extends CacheRequest> {
  /** One result for each name, in their order: at once where all are cached, else waited for or asked by a run of this request. */
  results(names: readonly string[], request: Request): Result[] | Promise<Result[]>
  /**
   * The last result of each name that has one, expired or not; no check is run. Where one has expired, the results that all
   * isolates share are read, at the cost of one read of them.
   */
  last(names: readonly string[], request: Request): Promise<Result[]>
}

interface CacheOptions<Request extends CacheRequest> {
  readonly clock: Clock
  readonly refresh: Refresh<Request>
  readonly ttlMs: (checker: string, status: Status) => number
  /** The check that answers for this one when it cannot ask either ({@link Check.dependsOn}). */
  readonly dependsOn?: (checker: string) => string | undefined
  /** Results of one run are known at most this many ms apart. */
  readonly deadlineMs?: number
  /** The results that all isolates share; without them every isolate runs for itself. */
  readonly shared?: SharedLevel<Request> | undefined
}

/** The second level of the cache, and how long it may take. */
export interface SharedLevel<Request extends CacheRequest> {
  readonly results: SharedResults<Request>
  /** Milliseconds by which it may delay an answer, in all. */
  readonly sharedMs: number
  /** Milliseconds that a run needs to give every check its whole time. */
  readonly runMs: number
}

export function createCache<Request extends CacheRequest>(options: CacheOptions<Request>): Cache<Request> {
  const { clock, ttlMs, dependsOn = () => undefined, deadlineMs = 0 } = options
  const slots = createSlots(clock, ttlMs)
  const refresh = options.shared ? sharedRefresh(options, options.shared) : options.refresh
  const ask = async (names: readonly string[], request: Request): Promise<Result[]> => {
    const found = new Map<string, Result>()
    const followed = new Map<string, number>()
    const toRun = new Set<string>()
    for (const name of names) {
      const hit = request.fresh ? undefined : slots.fresh(name)
      if (hit) found.set(name, hit)
      else if (slots.isLeased(name)) followed.set(name, slots.of(name).runs)
      else toRun.add(name)
    }
    const soonMs = clock.now() + deadlineMs
    for (const name of toRun) {
      const primary = dependsOn(name)
      if (primary === undefined || !found.has(primary)) continue
      if (belongsTogether(slots.of(name).result, slots.of(primary).result, soonMs)) toRun.add(primary)
    }
    const leftMs = leftUntil(request.deadlineAt, clock)
    const run = (some: readonly string[]) =>
      runUnderLease(some, { ...request, deadlineAt: clock.now() + leftMs() }, { slots, clock, refresh })
    const asked = await Promise.all([
      toRun.size > 0 ? run([...toRun]) : new Map<string, Result>(),
      followRuns(followed, leftMs, run, { slots, clock }),
    ])
    for (const results of asked) for (const [name, result] of results) found.set(name, result)
    return names.map((name) => found.get(name) ?? late(name, clock.now()))
  }
  return {
    results: (names, request) => (request.fresh ? undefined : slots.allFresh(names)) ?? ask(names, request),
    async last(names, request) {
      const { shared } = options
      const others =
        slots.allFresh(names) || !shared
          ? undefined
          : await shared.results.readKnown(request, shared.sharedMs)
      return names.flatMap((name) => newer(slots.of(name).result, others?.get(name)) ?? [])
    },
  }
}

/** The later of two results of one check. */
function newer(one: Result | undefined, other: Result | undefined): Result | undefined {
  return (one?.timestamp ?? 0) >= (other?.timestamp ?? 0) ? one : other
}

/**
 * Whether a check that is about to run takes the one along that it depends on, although that one's result is fresh. Both
 * ask the same server, and only within one run is it certain which of them reports a fault. It costs nothing while all is
 * well: results of one run expire almost together, so the other one is asked a moment early.
 *
 * @param soonMs epoch ms
 */
function belongsTogether(last: Result | undefined, primary: Result | undefined, soonMs: number): boolean {
  return (primary?.expires ?? 0) <= soonMs || last?.status === 'fail'
}

function sharedRefresh<Request extends CacheRequest>(
  { clock, ttlMs, refresh, dependsOn = () => undefined, deadlineMs = 0 }: CacheOptions<Request>,
  { results, sharedMs, runMs }: SharedLevel<Request>,
): Refresh<Request> {
  return refreshShared({
    clock,
    shared: results,
    refresh,
    sharedMs,
    runMs,
    isFresh: (result) => isFresh(result, clock.now(), ttlMs),
    runTogether(missing: ReadonlySet<string>, fresh: Results, last: Results) {
      const soonMs = clock.now() + deadlineMs
      return [...missing].flatMap((name) => {
        const primary = fresh.get(dependsOn(name) ?? '')
        return primary && belongsTogether(last.get(name), primary, soonMs) ? [primary.checker] : []
      })
    },
    // One that outlived the results would keep every isolate from the next run.
    leaseMs(names) {
      const lives = names.flatMap((name) => [ttlMs(name, 'pass'), ttlMs(name, 'fail')])
      return Math.min(deadlineMs + 1000, Math.max(1000, Math.min(...lives)))
    },
  })
}

/** What a request answers whose own time is over while the run of another one is under way; it is not kept. */
function late(checker: string, now: number): Result {
  const cause = new CheckError('timeout', 'the run under way did not end within the deadline')
  return {
    checker,
    status: 'fail',
    code: 'timeout',
    output: faultSentence(checker, 'timeout'),
    details: { reason: cause.message },
    timestamp: now,
    expires: now,
    responseTime: 0,
    cause,
  }
}
