import type { Result } from '../../core/check.ts'
import { isOpen, type KnownHistory } from '../../history/history.ts'
import { isOld } from '../known-now.ts'
import type { State } from './texts/texts.ts'

/** What the page says of one check. */
export interface CheckView {
  readonly checker: string
  /** `none` where nothing is known, or not lately. */
  readonly state: State
  /** The last result, however old. */
  readonly result: Result | undefined
  /** Since when it is in this state, in epoch ms; undefined where that is not known. */
  readonly since: number | undefined
}

/** Every check in its order, also those of which nothing is known. */
export function checkViews(
  checkers: readonly string[],
  results: readonly Result[],
  history: KnownHistory | undefined,
  now: number,
): readonly CheckView[] {
  return checkers.map((checker) => {
    const result = results.find((each) => each.checker === checker)
    const state = !result || isOld(result, now) ? 'none' : result.status
    return { checker, state, result, since: result && sinceOf(result, state, history) }
  })
}

function sinceOf(result: Result, state: State, history: KnownHistory | undefined): number | undefined {
  if (state === 'none') return result.timestamp
  const record = history?.records.get(result.checker)
  if (!history || !record) return undefined
  const incident = record.incidents.at(-1)
  if (result.status !== record.last?.status) return result.timestamp
  return incident && isOpen(incident, history.records) ? incident.from : record.since
}

/** What is not known is worse than a warning. */
export const worstFirst = ['fail', 'none', 'warn', 'pass'] as const

/** The worst of these. */
export const overallState = (views: readonly CheckView[]): Exclude<State, 'maintenance'> =>
  worstFirst.find((state) => views.some((view) => view.state === state)) ?? 'none'
