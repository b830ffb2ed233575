import { asksThrough } from '../../core/standard-checkers.ts'
import { neon } from './list-prices.ts'
import type { PlannedRequest } from './requests.ts'

/** What decides whether a request runs a check. */
interface PlayRules {
  /** How long it is played, in seconds. */
  readonly seconds: number
  readonly ttlSeconds: Readonly<Record<string, number>>
  readonly hasStore: boolean
}

/** What came of the requests. All checks passed, and no two requests came at the same time. */
interface Played {
  readonly requests: number
  /** Runs by check. */
  readonly runs: ReadonlyMap<string, number>
  /** Commands of the store. */
  readonly store: { readonly reads: number; readonly writes: number }
  /** For how many seconds the database was awake, by these requests alone. */
  readonly awakeSeconds: number
}

/** Whether a check asks the database, and so wakes it. */
export const asksDatabase = (name: string): boolean => name === 'database' || asksThrough[name] === 'database'
/** A check that runs takes along the one that asks the same server, where that expires this soon (core/cache/cache.ts). */
const soonSeconds = 3.5
/** How often the history is written while nothing changes (store/recorder.ts). */
const historySeconds = 60

/** Expiries by check, in seconds. */
type Expiries = Map<string, number>

/**
 * Plays requests through the rules of the cache and of the store: a result is repeated until it expires, in its isolate
 * and with a store in all of them.
 */
export function play(
  requests: Iterable<PlannedRequest>,
  { seconds, ttlSeconds, hasStore }: PlayRules,
): Played {
  const isolates = new Map<number, Expiries>()
  const shared: Expiries = new Map()
  const runs = new Map<string, number>()
  const store = { reads: 0, writes: 0 }
  const awake = { until: Number.NEGATIVE_INFINITY, seconds: 0 }
  let historyAt = Number.NEGATIVE_INFINITY
  let count = 0

  for (const { at, isolate, asks } of requests) {
    count += 1
    const own = isolates.get(isolate) ?? new Map<string, number>()
    isolates.set(isolate, own)
    if (isAllFresh(own, asks, at)) continue
    let toRun = missingIn(own, asks, at)
    if (hasStore) {
      store.reads += 1
      const expired = missingIn(shared, toRun, at)
      for (const name of toRun) if (!expired.includes(name)) own.set(name, shared.get(name) ?? 0)
      toRun = expired
      if (toRun.length === 0) continue
      // The lease and the snapshot.
      store.writes += 2
    }
    for (const name of toRun) {
      const expires = at + (ttlSeconds[name] ?? 0)
      runs.set(name, (runs.get(name) ?? 0) + 1)
      own.set(name, expires)
      if (hasStore) shared.set(name, expires)
    }
    if (toRun.some(asksDatabase)) wake(awake, at)
    if (hasStore && at - historyAt >= historySeconds) {
      historyAt = at
      store.reads += 1
      store.writes += 1
    }
  }
  // What is left of the idle time belongs to the next month.
  const awakeSeconds = awake.seconds - Math.max(0, awake.until - seconds)
  return { requests: count, runs, store, awakeSeconds }
}

/** Most requests are answered so, and there may be millions. */
function isAllFresh(expiries: Expiries, asks: readonly string[], at: number): boolean {
  for (const name of asks) if ((expiries.get(name) ?? 0) <= at) return false
  return true
}

/** What has to run: what has expired, and what is asked along with it. */
function missingIn(expiries: Expiries, asks: readonly string[], at: number): string[] {
  const isExpired = (name: string) => (expiries.get(name) ?? 0) <= at
  const missing = asks.filter(isExpired)
  const along = missing.flatMap((name) => {
    const primary = asksThrough[name]
    if (primary === undefined || missing.includes(primary)) return []
    const expires = expiries.get(primary)
    return expires !== undefined && expires <= at + soonSeconds ? [primary] : []
  })
  return [...new Set([...missing, ...along])]
}

function wake(awake: { until: number; seconds: number }, at: number): void {
  const isAsleep = at > awake.until
  const idleAt = at + neon.suspendAfterSeconds + (isAsleep ? neon.startSeconds : 0)
  const until = Math.max(idleAt, awake.until)
  awake.seconds += until - Math.max(at, awake.until)
  awake.until = until
}
