import { byteLength } from '../core/byte-length.ts'
import { type Guard, type Guarded, isList, isNatural, isText, isTuple, orNull } from '../core/guards.ts'
import { bucketsMs, type CheckRecord, keptDays, keptIncidents } from './check-record.ts'
import type { CheckHistory, History } from './history.ts'
import { keepPoints, keptPoints } from './history.ts'
import type { Observation } from './observation.ts'

/** The largest history that is written or read, in bytes. */
export const maxHistoryBytes = 48 * 1024

const version = 1

/** What is kept of each check; smaller numbers where it would be too large. */
interface Limits {
  readonly points: number
  readonly days: number
  readonly incidents: number
}

/**
 * The history as JSON of at most {@link maxHistoryBytes}. Texts stand in it once. Where it would be larger, first the oldest
 * points are left out, then the oldest days, then the oldest incidents.
 *
 * @param rest is kept beside it; the caller bounds it
 * @param expectedMs as in `observe`
 */
export function encodeHistory(history: History, expectedMs: number, rest: unknown = null): string {
  const tooLarge: Limits[] = []
  for (const part of [1, 0.5, 0.25, 0.1, 0.02]) {
    const few = Math.ceil(part * keptIncidents)
    tooLarge.push({ points: Math.ceil(part * keptPoints), days: keptDays, incidents: keptIncidents })
    tooLarge.push({ points: Math.ceil(part * keptPoints), days: Math.ceil(part * keptDays), incidents: few })
  }
  for (const limits of tooLarge) {
    const kept = [...history].map(
      ([check, each]) => [check, keepPoints(each, limits.points, expectedMs)] as const,
    )
    const text = JSON.stringify(toRows(new Map(limits.points === keptPoints ? history : kept), limits, rest))
    if (byteLength(text) <= maxHistoryBytes) return text
  }
  return JSON.stringify(toRows(new Map(), { points: 0, days: 0, incidents: 0 }, rest))
}

/** The history and what was kept beside it; undefined where the text is of another version or form. Never throws. */
export function decodeHistory(
  text: string,
): { readonly history: History; readonly rest: unknown } | undefined {
  try {
    if (byteLength(text) > maxHistoryBytes) return undefined
    const parsed: unknown = JSON.parse(text)
    if (!isHistory(parsed) || parsed[0] !== version) return undefined
    const [, texts, checks, rest] = parsed
    const textAt = (index: number) => texts[index] ?? ''
    return { history: new Map(checks.map((row) => [row[0], toCheck(row, textAt)])), rest }
  } catch {
    return undefined
  }
}

function toRows(history: History, limits: Limits, rest: unknown) {
  const texts: string[] = []
  const indexOf = (text: string) => {
    const known = texts.indexOf(text)
    return known < 0 ? texts.push(text) - 1 : known
  }
  const checks = [...history].map(([check, { latest, before }]) => [
    check,
    latest.map((each) => toPoint(each, indexOf)),
    before.last ? toPoint(before.last, indexOf) : null,
    before.since,
    before.days
      .slice(-limits.days)
      .map(({ day, pass, warn, fail, maintenance }) => [day, pass, warn, fail, maintenance]),
    before.histogram,
    before.incidents
      .slice(-limits.incidents)
      .map(({ code, output, from, to, releaseBefore, release }) => [
        from,
        to,
        ...[code, output, releaseBefore, release].map(indexOf),
      ]),
  ])
  return [version, texts, checks, rest]
}

const statuses = ['pass', 'warn', 'fail'] as const

const toPoint = (each: Observation, indexOf: (text: string) => number) => [
  each.at,
  each.responseMs,
  statuses.indexOf(each.status) + (each.isMaintenance ? 3 : 0),
  ...[each.code, each.output, each.release, each.causedBy].map(indexOf),
]

const isShort: Guard<string> = (value): value is string => isText(value) && value.length <= 400
const isPoint = isTuple(isNatural, isNatural, isNatural, isNatural, isNatural, isNatural, isNatural)
const isHistogram: Guard<number[]> = (value): value is number[] =>
  isList(isNatural)(value) && value.length === bucketsMs.length + 1
const isCheck = isTuple(
  isShort,
  isList(isPoint),
  orNull(isPoint),
  isNatural,
  isList(isTuple(isNatural, isNatural, isNatural, isNatural, isNatural)),
  isHistogram,
  isList(isTuple(isNatural, isNatural, isNatural, isNatural, isNatural, isNatural)),
)
const isAnything = (_value: unknown): _value is unknown => true
const isHistory = isTuple(isNatural, isList(isShort), isList(isCheck), isAnything)
type CheckRow = Guarded<typeof isCheck>
type TextAt = (index: number) => string

function toCheck(
  [check, latest, last, since, days, histogram, incidents]: CheckRow,
  textAt: TextAt,
): CheckHistory {
  const toObservation = ([at, responseMs, kind, code, output, release, causedBy]: Guarded<
    typeof isPoint
  >): Observation => ({
    check,
    at,
    status: statuses[kind % 3] ?? 'fail',
    code: textAt(code),
    output: textAt(output),
    responseMs,
    release: textAt(release),
    isMaintenance: kind >= 3,
    causedBy: textAt(causedBy),
  })
  const before: CheckRecord = {
    last: last ? toObservation(last) : undefined,
    since,
    days: days.map(([day, pass, warn, fail, maintenance]) => ({ day, pass, warn, fail, maintenance })),
    histogram,
    incidents: incidents.map(([from, to, code, output, releaseBefore, release]) => ({
      check,
      code: textAt(code),
      output: textAt(output),
      from,
      to,
      releaseBefore: textAt(releaseBefore),
      release: textAt(release),
    })),
  }
  return { latest: latest.map(toObservation), before }
}
