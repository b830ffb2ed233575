import { type Check, CheckError, faultSentence, type Result, type Status } from './check.ts'
import type { Clock } from './clock.ts'

/**
 * A lease that was not renewed for this long, in ms, belongs to an owner that is gone. Who came after the last renewal,
 * and takes over at most one pause between two looks later, still has the default timeout within the default deadline.
 * Most runs end before the first renewal, and one that waits for a frozen server makes five: each wakes the isolate, for
 * 0.3 ms of CPU time.
 */
const leaseLifeMs = 900
const renewEveryMs = 450
/** Between two looks of a follower, in ms. */
const minPollMs = 2
const maxPollMs = 100

export interface CacheRequest {
  /** Ask anew even where a result has not expired; a run that is already under way counts as fresh. */
  readonly fresh: boolean
  /** Epoch ms before which this request has to be answered. */
  readonly deadlineAt: number
  /** Keeps the runtime alive for work that outlives the answer. */
  readonly waitUntil: (work: Promise<unknown>) => void
}

/** Runs the checks before the request's deadline, tells `onResult` of each as it settles, and never rejects. */
export type Refresh<Request extends CacheRequest> = (
  names: readonly string[],
  request: Request,
  onResult: (result: Result) => void,
) => Promise<unknown>

interface Slot {
  result?: Result
  /** Grows with every run that settled it, so that a follower knows the run that it waited for, at TTL 0 too. */
  runs: number
  lease?: { readonly owner: object; renewedAt: number }
}

/**
 * Settled results per check until they expire, and a lease per check so that one request refreshes.
 *
 * Nothing in here is ever a promise of another request: on Workers awaiting one hangs or throws once its request has
 * ended (https://github.com/cloudflare/workerd/issues/210). Followers look at settled values on timers of their own.
 */
export interface Cache<Request extends CacheRequest> {
  /** One result for each name, in their order; cached, waited for, or asked by a run of this request. */
  results(names: readonly string[], request: Request): Promise<Result[]>
}

export function createCache<Request extends CacheRequest>(options: {
  readonly clock: Clock
  readonly refresh: Refresh<Request>
  readonly ttlMs: (checker: Check['name'], status: Status) => number
}): Cache<Request> {
  const { clock, refresh, ttlMs } = options
  const slots = new Map<string, Slot>()
  const slotOf = (name: string): Slot => {
    const slot = slots.get(name) ?? { runs: 0 }
    slots.set(name, slot)
    return slot
  }

  const freshResult = ({ result }: Slot): Result | undefined => {
    if (!result) return undefined
    const left = result.expires - clock.now()
    // A clock that was set back would otherwise keep a result for as long as it was wrong.
    return left > 0 && left <= ttlMs(result.checker, result.status) ? result : undefined
  }
  const isLeased = ({ lease }: Slot) => {
    if (!lease) return false
    const ageMs = clock.now() - lease.renewedAt
    // After the clock was set back a dead owner's lease would otherwise live for as long as it was wrong.
    return ageMs >= 0 && ageMs < leaseLifeMs
  }

  /** Takes the leases of these checks and hands their run to the runtime at once. Resolves to what the run found. */
  function own(names: readonly string[], request: Request): Promise<ReadonlyMap<string, Result>> {
    const owner = {}
    const done = new AbortController()
    const found = new Map<string, Result>()
    const mine = names.map(slotOf)
    const settle = (result: Result) => {
      found.set(result.checker, result)
      const slot = slotOf(result.checker)
      // Whoever took over from an owner believed dead settles the slot; a late result would undo theirs.
      if (slot.lease?.owner !== owner) return
      delete slot.lease
      // It is no verdict for those who wait: the next of them asks, within the time that it has left.
      if (result.isCutShort) return
      slot.result = result
      slot.runs += 1
    }
    const renew = async () => {
      while (!done.signal.aborted) {
        for (const slot of mine) if (slot.lease?.owner === owner) slot.lease.renewedAt = clock.now()
        await clock.sleep(renewEveryMs, done.signal)
      }
    }
    for (const slot of mine) slot.lease = { owner, renewedAt: clock.now() }
    const run = refresh(names, request, settle).finally(() => done.abort())
    // Never rejects: the request hears of it, and the runtime would write the text of an error as it stands.
    request.waitUntil(Promise.allSettled([run, renew()]))
    return run.then(() => found)
  }

  /** Waits for runs that are under way, and runs itself, once for all of them, what has no living owner. */
  async function follow(
    followed: ReadonlyMap<string, number>,
    request: Request,
  ): Promise<Map<string, Result>> {
    const found = new Map<string, Result>()
    const since = clock.monotonic()
    const waiting = () => [...followed].filter(([name]) => !found.has(name))
    for (;;) {
      for (const [name, runs] of waiting()) {
        const { result, runs: settled } = slotOf(name)
        if (result && settled > runs) found.set(name, result)
      }
      const left = waiting().map(([name]) => name)
      if (left.length === 0) return found
      const leftMs = request.deadlineAt - clock.now()
      if (leftMs <= 0) return found
      const dead = left.filter((name) => !isLeased(slotOf(name)))
      if (dead.length > 0) for (const [name, result] of await own(dead, request)) found.set(name, result)
      else await clock.sleep(Math.min(pauseAfter(clock.monotonic() - since), leftMs))
    }
  }

  return {
    async results(names, request) {
      const found = new Map<string, Result>()
      const followed = new Map<string, number>()
      const toAsk: string[] = []
      for (const name of names) {
        const slot = slotOf(name)
        const hit = request.fresh ? undefined : freshResult(slot)
        if (hit) found.set(name, hit)
        else if (isLeased(slot)) followed.set(name, slot.runs)
        else toAsk.push(name)
      }
      const asked = await Promise.all([
        toAsk.length > 0 ? own(toAsk, request) : [],
        followed.size > 0 ? follow(followed, request) : [],
      ])
      for (const results of asked) for (const [name, result] of results) found.set(name, result)
      return names.map((name) => found.get(name) ?? late(name, clock.now()))
    },
  }
}

/** The longer somebody has waited, the less a little more matters: a quarter of that, so that it stays a few looks. */
const pauseAfter = (waitedMs: number): number =>
  Math.min(maxPollMs, Math.max(minPollMs, Math.trunc(waitedMs / 4)))

/** What a request answers whose own time is over while somebody else's run is under way; it is not kept. */
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
