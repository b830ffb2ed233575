import { Cron } from 'croner'
import { type Schedule, toSchedule } from '../../core/schedule.ts'

/** When to run next, in epoch ms, seen from `now`: always later than it, so that a run that was missed is not made up for. */
export type Timetable = (now: number) => number

const unitMs = { minute: 60_000, hour: 3_600_000, day: 86_400_000 } as const

/**
 * The times of a schedule, in UTC as on Workers.
 *
 * @param schedule `*\/15 * * * *`, in which Sunday is 0, or `rate(15 minutes)`
 * @param start epoch ms from which an interval counts
 * @throws {TypeError} when it is not a schedule, or its time never comes
 */
export function createTimetable(schedule: string, start: number): Timetable {
  const parsed = toSchedule(schedule, 0)
  const timetable = parsed && timetableOf(parsed, start)
  if (!timetable || Number.isNaN(timetable(start))) {
    throw new TypeError(
      `The schedule is ${JSON.stringify(schedule.slice(0, 40))}: expected a crontab whose time comes, such as "*/15 * * * *", or "rate(15 minutes)"`,
    )
  }
  return timetable
}

function timetableOf(schedule: Schedule, start: number): Timetable {
  if (schedule.type === 'interval') {
    const stepMs = schedule.value * unitMs[schedule.unit]
    return (now) => start + (Math.floor((now - start) / stepMs) + 1) * stepMs
  }
  const cron = new Cron(schedule.value, { timezone: 'UTC', paused: true })
  return (now) => cron.nextRun(new Date(now))?.getTime() ?? Number.NaN
}
