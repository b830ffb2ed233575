import { createTimetable } from '../../platforms/node/timetable.ts'
import type { Plan } from './plan.ts'

/** The month that prices are for: 30 days, of which the first is a Sunday. */
export const monthSeconds = 30 * 86_400
const monthStart = Date.UTC(2026, 10, 1)

/** One request in the month. */
export interface PlannedRequest {
  /** Seconds since the month's beginning. */
  readonly at: number
  /** Who answers: each checker of the monitor has an isolate of its own, and the cron too. */
  readonly isolate: number
  readonly asks: readonly string[]
}

/**
 * The requests of the first `seconds` of a month, in their order. The checkers of a monitor are spread evenly over its
 * interval.
 */
export function* requestsOf(
  { crons, monitor, checks }: Plan,
  seconds = monthSeconds,
): Generator<PlannedRequest> {
  const cronTimes = timesOf(crons, seconds)
  let next = 0
  const cronUntil = function* (end: number): Generator<PlannedRequest> {
    for (let at = cronTimes[next]; at !== undefined && at <= end; at = cronTimes[next]) {
      next += 1
      yield { at, isolate: -1, asks: checks }
    }
  }
  if (monitor) {
    const { everySeconds, checkers, asks } = monitor
    for (let count = 0; (count * everySeconds) / checkers < seconds; count += 1) {
      const at = (count * everySeconds) / checkers
      yield* cronUntil(at)
      yield { at, isolate: count % checkers, asks }
    }
  }
  yield* cronUntil(seconds)
}

function timesOf(crons: readonly string[], seconds: number): number[] {
  const times = new Set(crons.flatMap(timesInMonth))
  return [...times].filter((at) => at < seconds).sort((a, b) => a - b)
}

/** They take a while to compute, and several plans have the same cron. */
const known = new Map<string, readonly number[]>()

function timesInMonth(schedule: string): readonly number[] {
  const kept = known.get(schedule)
  if (kept) return kept
  const timetable = createTimetable(schedule, monthStart)
  const end = monthStart + monthSeconds * 1000
  const times: number[] = []
  for (let at = timetable(monthStart - 1); at < end; at = timetable(at)) times.push((at - monthStart) / 1000)
  known.set(schedule, times)
  return times
}
