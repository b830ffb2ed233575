import type { HealthAnswer } from './answer.ts'
import type { Verdict, VerdictKind } from './verdict.ts'

/** Exit codes of `edge-health smoke`, one for each verdict of the last attempt. */
export const exitCodes: Record<VerdictKind, number> = {
  healthy: 0,
  unhealthy: 1,
  refused: 2,
  wrong_release: 3,
  unreachable: 4,
}

/** Where a sequence of verdicts stands. */
export interface Progress {
  /** Healthy answers in a row that each brought something new. */
  readonly streak: number
  /** Results already counted, as `checker timestamp`. */
  readonly counted: ReadonlySet<string>
  /** Whether the last answer only repeated results that were counted before: a cache spoke, not the checks. */
  readonly repeated: boolean
  /** When the first of the refusals came that nothing else has interrupted, in ms since the start. */
  readonly refusedSince?: number
  readonly last?: Verdict
}

/**
 * How long a deployment has to refuse, and do nothing else, until that is its answer, in ms. In the deploy that brings
 * a new token or a new check, the old release answers 401 or `unknown_check` until the new one is everywhere.
 */
const refusedForMs = 30_000

export const start: Progress = { streak: 0, counted: new Set(), repeated: false }

/**
 * Takes one more verdict into account.
 *
 * @param at milliseconds since the start
 */
export function advance({ streak, counted, refusedSince }: Progress, verdict: Verdict, at: number): Progress {
  if (verdict.kind === 'healthy' && verdict.answer) {
    const keys = resultKeys(verdict.answer)
    const repeated = keys.every((key) => counted.has(key))
    return {
      streak: streak + (repeated ? 0 : 1),
      counted: new Set([...counted, ...keys]),
      repeated,
      last: verdict,
    }
  }
  const refused = verdict.kind === 'refused' ? { refusedSince: refusedSince ?? at } : {}
  return { streak: 0, counted, repeated: false, ...refused, last: verdict }
}

const resultKeys = ({ results }: HealthAnswer): string[] =>
  results.map(({ checker, timestamp }) => `${checker} ${timestamp}`)

/**
 * Whether to try again: not when it is proven healthy, nor when waiting cannot help.
 *
 * @param consecutive how many healthy answers in a row are proof
 * @param at milliseconds since the start
 */
export function isSettled({ streak, refusedSince }: Progress, consecutive: number, at: number): boolean {
  return streak >= consecutive || (refusedSince !== undefined && at - refusedSince >= refusedForMs)
}

/** The verdict of the whole sequence: the last attempt's, but healthy only when that is proven. */
export function conclude({ streak, repeated, last }: Progress, consecutive: number): Verdict {
  if (!last) return { kind: 'unreachable', reason: 'there was no time for a single attempt' }
  if (last.kind !== 'healthy' || streak >= consecutive) return last
  const hint = repeated
    ? '; the last one repeated cached results: give a token to have them asked afresh'
    : ''
  return { ...last, kind: 'unhealthy', reason: `${streak} of ${consecutive} healthy answers in a row${hint}` }
}
