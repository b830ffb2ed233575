import { type History, incidentsOf, observe, recordOf } from '../../src/history/history.ts'
import type { Observation } from '../../src/history/observation.ts'
import { expectedMs, start } from './arbitrary.ts'

const later = start + 90_000_000

/** The history with these, looked at a day later. */
export const all = (list: readonly Observation[], history: History = new Map()) =>
  observe(history, list, later, expectedMs)

export function record(history: History, check = 'database') {
  const known = history.get(check)
  if (!known) throw new Error(`nothing is known of ${check}`)
  return recordOf(known, expectedMs)
}

export const incidents = (history: History) =>
  incidentsOf([...history.values()].map((check) => recordOf(check, expectedMs)))
