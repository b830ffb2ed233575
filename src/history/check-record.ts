import type { Observation } from './observation.ts'

/** Seconds of one day (UTC) by what the check said. What is in none of them is not known. Numerators, never percentages. */
export interface Day {
  /** Days since the epoch. */
  readonly day: number
  pass: number
  warn: number
  fail: number
  maintenance: number
}

/** The time from the first to the last bad result of a check. */
export interface Incident {
  readonly check: string
  /** Of the first bad result, with its public sentence. */
  readonly code: string
  readonly output: string
  /** Epoch ms. */
  readonly from: number
  to: number
  /** The release of the last good result before, and that of the first bad one; empty when unknown. */
  readonly releaseBefore: string
  readonly release: string
}

/** All that is known of a check up to one observation. */
export interface CheckRecord {
  last: Observation | undefined
  /** Since when it says the same status and code, in epoch ms. */
  since: number
  days: Day[]
  /** How many results were faster than each of {@link bucketsMs}, and slower than the one before; the last is the rest. */
  histogram: number[]
  incidents: Incident[]
}

/** Upper bounds of the response times in a histogram, in ms. */
export const bucketsMs = [10, 25, 50, 100, 250, 500, 1000, 2500] as const
export const keptDays = 90
export const keptIncidents = 100
/**
 * Bad results that are at most this many ms apart are of one incident, also with a good one between them: when clocks are
 * up to 30 s wrong, results of two isolates may stand in the wrong order.
 */
const sameIncidentMs = 120_000
const secondsOfDay = 86_400

export const emptyRecord = (): CheckRecord => ({
  last: undefined,
  since: 0,
  days: [],
  histogram: Array.from({ length: bucketsMs.length + 1 }, () => 0),
  incidents: [],
})

/** Adds the next observation to a record of its own; one that is not later than the last is not counted. */
export function addTo(record: CheckRecord, observation: Observation, maxGapMs: number): void {
  const { last } = record
  if (last && observation.at <= last.at) return
  if (last && observation.at - last.at <= maxGapMs) addSeconds(record, last, observation.at)
  if (last?.status !== observation.status || last.code !== observation.code) record.since = observation.at
  if (observation.status === 'fail') addBad(record, observation)
  const bucket = bucketsMs.findIndex((limit) => observation.responseMs <= limit)
  const index = bucket < 0 ? bucketsMs.length : bucket
  record.histogram[index] = (record.histogram[index] ?? 0) + 1
  record.last = observation
}

/** What a check said holds until it is asked again. */
function addSeconds(record: CheckRecord, { at, status, isMaintenance }: Observation, until: number): void {
  const kind = isMaintenance ? 'maintenance' : status
  const end = Math.floor(until / 1000)
  for (let from = Math.floor(at / 1000); from < end; ) {
    const day = Math.floor(from / secondsOfDay)
    const to = Math.min(end, (day + 1) * secondsOfDay)
    let entry = record.days.at(-1)
    if (entry?.day !== day) {
      entry = { day, pass: 0, warn: 0, fail: 0, maintenance: 0 }
      record.days.push(entry)
      record.days = record.days.filter((each) => each.day > day - keptDays)
    }
    entry[kind] += to - from
    from = to
  }
}

function addBad({ incidents, last }: CheckRecord, { check, at, code, output, release }: Observation): void {
  const open = incidents.at(-1)
  if (open && (last?.status === 'fail' || at - open.to <= sameIncidentMs)) {
    open.to = at
    return
  }
  const releaseBefore = last?.release ?? ''
  incidents.push({ check, code, output, from: at, to: at, releaseBefore, release })
  if (incidents.length > keptIncidents) incidents.shift()
}
