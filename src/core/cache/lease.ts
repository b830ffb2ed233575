import type { Result } from '../check.ts'
import type { Clock } from '../clock.ts'
import { ended } from '../ended.ts'
import type { CacheRequest, Refresh } from './cache.ts'
import { monotonicAt } from './left-until.ts'
import type { Slots } from './slots.ts'

/** In ms, and half of the life of a lease, so that one late timer does not lose it. */
const renewEveryMs = 450

/**
 * Takes the leases of these checks and hands their run to the runtime at once.
 *
 * @returns what the run found, by check; a check without a result is absent
 */
export function runUnderLease<Request extends CacheRequest>(
  names: readonly string[],
  request: Request,
  { slots, clock, refresh }: { slots: Slots; clock: Clock; refresh: Refresh<Request> },
): Promise<ReadonlyMap<string, Result>> {
  const owner = {}
  const done = new AbortController()
  const found = new Map<string, Result>()
  const leased = names.map(slots.of)

  const settle = (result: Result) => {
    found.set(result.checker, result)
    const slot = slots.of(result.checker)
    // Another request took over because this owner seemed gone, and settles the slot; a late result would undo that.
    if (slot.lease?.owner !== owner) return
    delete slot.lease
    // It says nothing to the requests that wait: the next of them asks, within the time that it has left.
    if (result.isCutShort) return
    slot.result = result
    slot.endAt = monotonicAt(result.expires, clock)
    slot.runs += 1
  }
  const renew = async () => {
    while (!done.signal.aborted) {
      for (const slot of leased) if (slot.lease?.owner === owner) slot.lease.renewedAt = clock.now()
      await clock.sleep(renewEveryMs, done.signal)
    }
  }

  for (const slot of leased) slot.lease = { owner, renewedAt: clock.now() }
  const run = refresh(names, request, settle, slots.fresh).finally(() => done.abort(ended))
  // Never rejects: the request itself gets the error, and the runtime would log the text of one as it stands.
  request.waitUntil(Promise.allSettled([run, renew()]))
  return run.then(() => found)
}
