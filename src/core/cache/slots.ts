import type { Result, Status } from '../check.ts'
import type { Clock } from '../clock.ts'

/**
 * A lease that was not renewed for this long, in ms, belongs to an owner that is gone. A request that came after the last
 * renewal, and takes over at most one pause between two looks later, still has the default timeout within the default
 * deadline. Most runs end before the first renewal, and one that waits for a frozen server makes five: each wakes the
 * isolate, for 0.3 ms of CPU time.
 */
const leaseLifeMs = 900

/** What is kept of one check. */
interface Slot {
  result?: Result
  /** When the result expires on the clock that nobody sets, in ms: the wall clock may be set back after it was found. */
  endAt?: number
  /** Grows with every run that settled it, so that a follower knows the run that it waited for, at TTL 0 too. */
  runs: number
  lease?: { readonly owner: object; renewedAt: number }
}

/** The slots of all checks of this isolate, and what the clock says of them. */
export interface Slots {
  of(name: string): Slot
  /** The result of this check if it may be repeated. */
  fresh(name: string): Result | undefined
  /** Those of all these checks, unless one of them may not be repeated. */
  allFresh(names: readonly string[]): Result[] | undefined
  /** Whether a run of this check is under way and its owner lives. */
  isLeased(name: string): boolean
}

type TtlMs = (checker: string, status: Status) => number

/** @param now epoch ms */
export function isFresh(result: Result, now: number, ttlMs: TtlMs): boolean {
  const left = result.expires - now
  // After the clock was set back, a result would be kept for as long as the clock was wrong.
  return left > 0 && left <= ttlMs(result.checker, result.status)
}

export function createSlots(clock: Clock, ttlMs: TtlMs): Slots {
  const slots = new Map<string, Slot>()
  const of = (name: string): Slot => {
    const known = slots.get(name)
    if (known) return known
    const slot = { runs: 0 }
    slots.set(name, slot)
    return slot
  }
  const freshAt = (name: string, now: number, monotonic: number) => {
    const { result, endAt = 0 } = of(name)
    return result && monotonic < endAt && isFresh(result, now, ttlMs) ? result : undefined
  }
  return {
    of,
    fresh: (name) => freshAt(name, clock.now(), clock.monotonic()),
    allFresh(names) {
      const [now, monotonic] = [clock.now(), clock.monotonic()]
      const found: Result[] = []
      for (const name of names) {
        const result = freshAt(name, now, monotonic)
        if (!result) return undefined
        found.push(result)
      }
      return found
    },
    isLeased(name) {
      const { lease } = of(name)
      if (!lease) return false
      const ageMs = clock.now() - lease.renewedAt
      // After the clock was set back, the lease of an owner that is gone would live for as long as the clock was wrong.
      return ageMs >= 0 && ageMs < leaseLifeMs
    },
  }
}
