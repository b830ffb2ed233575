import type { Result } from '../core/check.ts'
import type { Clock } from '../core/clock.ts'
import type { Moments } from './snapshot.ts'

/** Beyond this the server's clock is not believed: with it, results of yesterday could be passed off as those of now. */
const maxOffsetMs = 60_000
/** What may stand in the future by a difference of clocks that is too small to be known. */
const toleranceMs = 2000
/** The server says its time in whole seconds (RFC 9110, section 6.6.1), without the part of the second. */
const resolutionMs = 1000
/** From so many of the last answers it is known how far the server's clock is ahead. */
const maxAnswers = 16

/** Times of results as the Redis server's clock has them, so that isolates with different clocks understand each other. */
export interface ServerTime {
  /**
   * Called when an answer has come.
   *
   * @param servedAt the server's clock when it answered, in epoch ms, to the second
   * @param tookMs how long the answer took; not by our clock, which may have been set meanwhile
   */
  observe(servedAt: number | undefined, tookMs: number): void
  /** Whether an answer has come; until then nothing is known of the server's clock. */
  isAsked(): boolean
  /** Whether the clocks are too far apart for any result to be shared: one of them is wrong, and nothing says which. */
  isFar(): boolean
  toServer(result: Result): Result
  fromServer(result: Result): Result
  /** The same for a moment, in epoch ms. */
  toServerMs(ms: number): number
  toServerMoments(moments: Moments): Moments
  fromServerMoments(moments: Moments): Moments
}

/** The server's clock is ahead of ours by at least the first and at most the second, in ms. */
type Bounds = readonly [least: number, most: number]

const shifted = (result: Result, ms: number): Result =>
  ms === 0 ? result : { ...result, timestamp: result.timestamp + ms, expires: result.expires + ms }

const shiftedMoments = ({ historyAt, changedAt }: Moments, ms: number): Moments => ({
  historyAt: historyAt + ms,
  changedAt: changedAt + ms,
})

export function createServerTime(clock: Clock): ServerTime {
  let answers: readonly Bounds[] = []
  /** How far the server's clock is ahead of ours, in ms; 0 where it is not known. */
  let aheadMs = 0
  let isAsked = false
  const isFar = () => Math.abs(aheadMs) > maxOffsetMs
  /** By how much times are shifted, in ms. */
  const offsetMs = () => (isFar() ? 0 : aheadMs)
  /**
   * Results of ours with the server's times. They are not computed again: where each isolate that writes a result once more did
   * so, a server could make it younger each time by what it says of its clock.
   */
  const shared = new WeakMap<Result, Result>()
  return {
    isAsked: () => isAsked,
    isFar,
    observe(servedAt, tookMs) {
      isAsked = true
      if (servedAt === undefined) return
      // The server read its clock after we asked and before its answer came.
      const least = servedAt - clock.now()
      // On Workers the two clocks are one, and a clock that was set back makes it less than nothing.
      const bounds: Bounds = [least, least + resolutionMs + Math.max(0, tookMs)]
      const last = [...answers, bounds].slice(-maxAnswers)
      const agreed = common(last)
      answers = agreed ? last : [bounds]
      aheadMs = offsetWithin(agreed ?? bounds)
    },
    toServerMs: (ms) => ms + offsetMs(),
    toServerMoments: (moments) => shiftedMoments(moments, offsetMs()),
    fromServerMoments: (moments) => shiftedMoments(moments, -offsetMs()),
    toServer(result) {
      const theirs = shared.get(result) ?? shifted(result, offsetMs())
      if (isAsked) shared.set(result, theirs)
      return theirs
    },
    fromServer(theirs) {
      const ours = shifted(theirs, -offsetMs())
      const futureMs = ours.timestamp - clock.now()
      const result = futureMs > 0 && futureMs <= toleranceMs ? shifted(ours, -futureMs) : ours
      shared.set(result, theirs)
      return result
    },
  }
}

/** What all of them allow; undefined where they contradict each other, as after a clock was set. */
function common(answers: readonly Bounds[]): Bounds | undefined {
  const least = Math.max(...answers.map(([ahead]) => ahead))
  const most = Math.min(...answers.map(([, ahead]) => ahead))
  return least <= most ? [least, most] : undefined
}

/** Clocks that may agree are taken to agree: then isolates on machines whose clocks are right agree to the millisecond. */
function offsetWithin([least, most]: Bounds): number {
  if (least <= 0 && most >= 0) return 0
  return Math.round((least + most) / 2)
}
