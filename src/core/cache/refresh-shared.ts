import type { Result } from '../check.ts'
import type { Clock } from '../clock.ts'
import type { CacheRequest, Refresh } from './cache.ts'
import { leftUntil } from './left-until.ts'
import type { Results, SharedResults } from './shared-results.ts'

interface SharedRefreshOptions<Request extends CacheRequest> {
  readonly clock: Clock
  readonly shared: SharedResults<Request>
  /** Runs the checks in this isolate. */
  readonly refresh: Refresh<Request>
  /** Whether a result may be repeated. */
  readonly isFresh: (result: Result) => boolean
  /** Which of these checks have to run beside those that are missing. */
  readonly runTogether: (missing: ReadonlySet<string>, fresh: Results, last: Results) => Iterable<string>
  /** Milliseconds by which the shared results may delay an answer, in all. */
  readonly sharedMs: number
  /** Milliseconds that a run needs to give every check its whole time. */
  readonly runMs: number
  /** For how long the lease of these checks lives, in ms. */
  readonly leaseMs: (names: readonly string[]) => number
}

/** The first pause of an isolate that waits for the run of another one, in ms; each further one is twice as long. */
const firstPauseMs = 100
const maxPauseMs = 1000

/**
 * A refresh that asks the other isolates first: shared results that have not expired are taken over, and of several
 * isolates that find them expired one runs. The others look again after 100, 200, 400 ms and so on, for as long as they could
 * still make a whole run of their own, and then make it: a winner that died may cost them time, never an answer.
 */
export function refreshShared<Request extends CacheRequest>(
  options: SharedRefreshOptions<Request>,
): Refresh<Request> {
  const { shared, refresh, isFresh, runTogether, sharedMs, leaseMs, clock } = options
  return async (names, request, onResult, known) => {
    const leftMs = leftUntil(request.deadlineAt, clock)
    const runHere = async (some: readonly string[], found: Results) => {
      const results: Result[] = []
      const keep = (result: Result) => {
        results.push(result)
        onResult(result)
      }
      const inTime = { ...request, deadlineAt: clock.now() + leftMs() }
      await refresh(some, inTime, keep, (name) => known(name) ?? found.get(name))
      request.waitUntil(shared.write(request, results))
    }
    const startedAt = clock.monotonic()
    const last = request.fresh ? undefined : await shared.read(request, sharedMs)
    if (last === undefined) return runHere(names, new Map())

    const found = freshOf(names, last, isFresh)
    const missing = new Set(names.filter((name) => !found.has(name)))
    for (const name of runTogether(missing, found, last)) missing.add(name)
    for (const name of missing) found.delete(name)
    for (const result of found.values()) onResult(result)
    if (missing.size === 0) return
    const toRun = [...missing]

    const restMs = sharedMs - (clock.monotonic() - startedAt)
    const isWinner = restMs > 0 ? await shared.takeLease(request, toRun, leaseMs(toRun), restMs) : undefined
    if (isWinner === false)
      await waitForWinner(
        missing,
        request,
        (result) => {
          found.set(result.checker, result)
          onResult(result)
        },
        leftMs(),
        options,
      )
    if (missing.size > 0) await runHere([...missing], found)
  }
}

function freshOf(
  names: readonly string[],
  last: Results,
  isFresh: (result: Result) => boolean,
): Map<string, Result> {
  const found = new Map<string, Result>()
  for (const name of names) {
    const result = last.get(name)
    if (result && isFresh(result)) found.set(name, result)
  }
  return found
}

/** Takes what the winner has written out of `missing`, until nothing is missing or a run of our own would be cut short. */
async function waitForWinner<Request extends CacheRequest>(
  missing: Set<string>,
  request: Request,
  onResult: (result: Result) => void,
  leftMs: number,
  { clock, shared, isFresh, runMs, sharedMs }: SharedRefreshOptions<Request>,
): Promise<void> {
  const askedAt = clock.now()
  // No run takes longer than `runMs`, so after that time the winner is gone.
  const endAt = clock.monotonic() + Math.min(leftMs - runMs - sharedMs, runMs)
  for (
    let pauseMs = firstPauseMs;
    clock.monotonic() + pauseMs <= endAt;
    pauseMs = Math.min(maxPauseMs, 2 * pauseMs)
  ) {
    await clock.sleep(pauseMs)
    const results = await shared.read(request, sharedMs)
    if (results === undefined) return
    for (const name of missing) {
      const result = results.get(name)
      // At TTL 0 it is expired already, and it is the run that was waited for all the same.
      if (!result || !(isFresh(result) || (result.timestamp >= askedAt && result.timestamp <= clock.now())))
        continue
      missing.delete(name)
      onResult(result)
    }
    if (missing.size === 0) return
  }
}
