import { addTo, type CheckRecord, emptyRecord, type Incident, keptIncidents } from './check-record.ts'
import { compareObservations, type Observation } from './observation.ts'

/**
 * What is known of one check: its latest observations as they came, and the record of all before them. Observations that
 * waited in an isolate may come late; as long as they belong among the latest, the order in which they come does not matter.
 */
export interface CheckHistory {
  /** In their order, at most {@link keptPoints}. */
  readonly latest: readonly Observation[]
  readonly before: CheckRecord
}

/** By check. */
export type History = ReadonlyMap<string, CheckHistory>

export const keptPoints = 96
/** How far apart two runs are expected to be, in ms: that of the cron that is shipped. What asks more often leaves no gap either. */
export const expectedRunMs = 900_000
/** How far apart two results may be, in ms, before what lies between them is not known. */
export const maxGapMs = 2 * expectedRunMs
const keptChecks = 50
/** A check that was not asked for this long, in ms, is forgotten. */
const keptMs = 90 * 86_400_000
/** What is further in the future is of a clock that is wrong, in ms. */
const maxAheadMs = 60_000

/**
 * The history with these observations. It depends on the observations alone, and not on the order in which they came.
 *
 * @param now epoch ms
 * @param expectedMs how far apart two runs are expected to be; what lies more than two of them apart is not known
 */
export function observe(
  history: History,
  observations: readonly Observation[],
  now: number,
  expectedMs: number,
): History {
  const byCheck = new Map([...history].map(([check, { latest }]) => [check, [...latest]]))
  for (const observation of observations) {
    const latest = byCheck.get(observation.check) ?? []
    byCheck.set(observation.check, [...latest, observation])
  }
  const observed = [...byCheck].map(([check, latest]) => {
    const before = history.get(check)?.before ?? emptyRecord()
    return [
      check,
      settle(
        before,
        latest.filter(({ at }) => at <= now + maxAheadMs),
        expectedMs,
      ),
    ] as const
  })
  const lastAt = ({ latest, before }: CheckHistory) => latest.at(-1)?.at ?? before.last?.at ?? 0
  return new Map(
    observed
      .filter(([, check]) => lastAt(check) > now - keptMs)
      .toSorted(([a, left], [b, right]) => lastAt(right) - lastAt(left) || (a < b ? -1 : 1))
      .slice(0, keptChecks)
      .toSorted(([a], [b]) => (a < b ? -1 : 1)),
  )
}

/** The same check with fewer of its latest observations: the others are in its record, so that no incident is lost. */
export const keepPoints = (
  { latest, before }: CheckHistory,
  points: number,
  expectedMs: number,
): CheckHistory => settle(before, latest, expectedMs, points)

/** Moves what is no longer among the latest into the record. */
function settle(
  before: CheckRecord,
  observations: readonly Observation[],
  expectedMs: number,
  points = keptPoints,
): CheckHistory {
  const sorted = observations.toSorted(compareObservations)
  // The last of those at the same moment is the worst of them.
  const distinct = sorted.filter(({ at }, index) => at !== sorted[index + 1]?.at)
  const known = distinct.filter(({ at }) => at > (before.last?.at ?? 0))
  const settled = structuredClone(before)
  for (const observation of known.slice(0, -points)) addTo(settled, observation, 2 * expectedMs)
  return { latest: known.slice(-points), before: settled }
}

/** All that is known of a check, its latest observations included. */
export function recordOf({ latest, before }: CheckHistory, expectedMs: number): CheckRecord {
  const record = structuredClone(before)
  for (const observation of latest) addTo(record, observation, 2 * expectedMs)
  return record
}

/** The incidents of all checks, the newest first. */
export function incidentsOf(records: Iterable<CheckRecord>): Incident[] {
  return [...records]
    .flatMap(({ incidents }) => incidents)
    .toSorted((a, b) => b.from - a.from || (a.check < b.check ? -1 : 1))
    .slice(0, keptIncidents)
}

/** What is known of all checks, for those who look at it. */
export interface KnownHistory {
  readonly records: ReadonlyMap<string, CheckRecord>
  /** The newest first. */
  readonly incidents: readonly Incident[]
  /** The latest observations of each check, the oldest first; at most {@link keptPoints}. */
  readonly latest: ReadonlyMap<string, readonly Observation[]>
  /** When it was read, in epoch ms. */
  readonly readAt: number
  /** Whether it was read before and cannot be read now. */
  readonly isOld?: true
}

/** @param expectedMs as in {@link observe} */
export function knownHistory(history: History, expectedMs: number, readAt: number): KnownHistory {
  const records = new Map([...history].map(([check, each]) => [check, recordOf(each, expectedMs)]))
  const latest = new Map([...history].map(([check, each]) => [check, each.latest]))
  return { records, incidents: incidentsOf(records.values()), latest, readAt }
}

/** Whether the check is still bad: its last result is part of the incident. */
export function isOpen({ check, to }: Incident, records: KnownHistory['records']): boolean {
  const last = records.get(check)?.last
  return last?.status === 'fail' && last.at <= to
}
