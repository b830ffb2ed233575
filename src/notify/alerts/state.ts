import { isRecord } from '../../core/is-record.ts'
import type { Alert, AlertKind, Alerts } from './alert.ts'
import { sameRunMs } from './rules.ts'

const kinds: readonly AlertKind[] = ['fired', 'resolved', 'reminder', 'flapping']
const isTexts = (value: unknown): value is string[] =>
  Array.isArray(value) &&
  value.length <= 10 &&
  value.every((each) => typeof each === 'string' && each.length < 50)

/** The alerts as they are kept beside the history; what is not of the expected form is as if nothing had been said. */
export function readAlerts(kept: unknown): Alerts {
  const entries: readonly unknown[] = Array.isArray(kept) ? kept.slice(0, 50) : []
  return new Map(entries.flatMap((entry) => (Array.isArray(entry) ? toAlert(entry[0], entry[1]) : [])))
}

function toAlert(check: unknown, alert: unknown): (readonly [string, Alert])[] {
  if (typeof check !== 'string' || !isRecord(alert)) return []
  const { id, since, at, done, notified } = alert
  const kind = kinds.find((each) => each === alert['kind'])
  const isWhole = typeof id === 'string' && id.length < 200 && isTexts(done) && isTexts(notified)
  if (!kind || !isWhole || typeof since !== 'number' || typeof at !== 'number') return []
  return [[check, { kind, id, since, at, done, notified }]]
}

export const writeAlerts = (alerts: Alerts): unknown => [...alerts].slice(0, 50)

/** What either of them knows; of the same check what was decided later, and of the same event all who were notified. */
export function mergeAlerts(a: Alerts, b: Alerts): Alerts {
  const merged = new Map(a)
  for (const [check, alert] of b) {
    const other = merged.get(check)
    if (!other || isMore(alert, other)) merged.set(check, alert)
  }
  return merged
}

/** Isolates that decide the same at the same moment may not have seen the same first bad run, of which the id is made. */
function isMore(alert: Alert, other: Alert): boolean {
  const isSame =
    alert.id === other.id || (alert.kind === other.kind && Math.abs(alert.at - other.at) < sameRunMs)
  return isSame ? alert.done.length > other.done.length : alert.at > other.at
}
