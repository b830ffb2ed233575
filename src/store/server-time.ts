import type { Result } from '../core/check.ts'
import type { Clock } from '../core/clock.ts'
import type { Moments } from './snapshot.ts'

/** A smaller difference may be the time that an answer takes, and the second to which the server's clock is known. */
const minOffsetMs = 3000
/** Beyond this the server's clock is not believed: with it, results of yesterday could be passed off as those of now. */
const maxOffsetMs = 60_000
/** What may stand in the future by a difference of clocks that is too small to be known. */
const toleranceMs = 2000

/** Times of results as the Redis server's clock has them, so that isolates with different clocks understand each other. */
export interface ServerTime {
  /** @param servedAt the server's clock, in epoch ms, to the second */
  observe(servedAt: number | undefined): void
  toServer(result: Result): Result
  fromServer(result: Result): Result
  /** The same for a moment, in epoch ms. */
  toServerMs(ms: number): number
  toServerMoments(moments: Moments): Moments
  fromServerMoments(moments: Moments): Moments
}

const shifted = (result: Result, ms: number): Result =>
  ms === 0 ? result : { ...result, timestamp: result.timestamp + ms, expires: result.expires + ms }

const shiftedMoments = ({ historyAt, changedAt }: Moments, ms: number): Moments => ({
  historyAt: historyAt + ms,
  changedAt: changedAt + ms,
})

export function createServerTime(clock: Clock): ServerTime {
  /** How far the server's clock is ahead of ours, in ms; 0 where it is not known. */
  let offsetMs = 0
  return {
    observe(servedAt) {
      if (servedAt === undefined) return
      const ahead = servedAt + 500 - clock.now()
      offsetMs = Math.abs(ahead) < minOffsetMs || Math.abs(ahead) > maxOffsetMs ? 0 : ahead
    },
    toServerMs: (ms) => ms + offsetMs,
    toServerMoments: (moments) => shiftedMoments(moments, offsetMs),
    fromServerMoments: (moments) => shiftedMoments(moments, -offsetMs),
    toServer: (result) => shifted(result, offsetMs),
    fromServer(result) {
      const ours = shifted(result, -offsetMs)
      const aheadMs = ours.timestamp - clock.now()
      return aheadMs > 0 && aheadMs <= toleranceMs ? shifted(ours, -aheadMs) : ours
    },
  }
}
