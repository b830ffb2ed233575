import type { Result } from '../core/check.ts'
import { type KnownHistory, maxGapMs } from '../history/history.ts'

/** Whether this result has expired and nobody has looked for longer than two runs are apart: what it says is not known now. */
export const isOld = ({ timestamp, expires }: Result, now: number): boolean =>
  now > Math.max(expires, timestamp + maxGapMs)

/** What is known now of all checks, for a reader that has no state for what is not known. */
interface KnownNow {
  /** The results that are not old. */
  readonly results: readonly Result[]
  /** Whether one state for all can be said: every check is known, or one fails whatever the others say. */
  readonly isEnough: boolean
}

/** @param checkers every check that exists here @param now epoch ms */
export function knownNow(checkers: readonly string[], results: readonly Result[], now: number): KnownNow {
  const current = results.filter((result) => checkers.includes(result.checker) && !isOld(result, now))
  const known = new Set(current.map(({ checker }) => checker))
  const isAll = checkers.length > 0 && checkers.every((checker) => known.has(checker))
  return { results: current, isEnough: isAll || current.some(({ status }) => status === 'fail') }
}

/**
 * The history with the records of the checks that exist here alone: nobody asks a check that was taken out again, so its
 * incident would go on for as long as the history is kept. Its incidents stay, and are over.
 */
export function historyOfChecks(history: KnownHistory, checkers: readonly string[]): KnownHistory {
  const records = [...history.records].filter(([check]) => checkers.includes(check))
  return { ...history, records: new Map(records) }
}
