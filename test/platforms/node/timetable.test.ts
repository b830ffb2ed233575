import { describe, expect, it } from 'vitest'
import { createTimetable } from '../../../src/platforms/node/timetable.ts'

const start = Date.parse('2026-11-26T02:07:30Z')
const times = (schedule: string, count = 3) => {
  const timetable = createTimetable(schedule, start)
  const found: string[] = []
  for (let now = start; found.length < count; ) {
    now = timetable(now)
    found.push(new Date(now).toISOString().slice(0, 19))
  }
  return found
}

describe('the timetable of', () => {
  it.each([
    ['*/15 * * * *', ['2026-11-26T02:15:00', '2026-11-26T02:30:00', '2026-11-26T02:45:00']],
    ['0 3 * * *', ['2026-11-26T03:00:00', '2026-11-27T03:00:00', '2026-11-28T03:00:00']],
    // In a crontab Sunday is 0, and 2026-11-29 is one.
    ['0 0 * * 0', ['2026-11-29T00:00:00', '2026-12-06T00:00:00', '2026-12-13T00:00:00']],
    ['30 2 1 JAN *', ['2027-01-01T02:30:00', '2028-01-01T02:30:00', '2029-01-01T02:30:00']],
    ['rate(1 minute)', ['2026-11-26T02:08:30', '2026-11-26T02:09:30', '2026-11-26T02:10:30']],
    ['rate(2 hours)', ['2026-11-26T04:07:30', '2026-11-26T06:07:30', '2026-11-26T08:07:30']],
  ])('%s is in UTC', (schedule, expected) => {
    expect(times(schedule)).toEqual(expected)
  })

  it.each(['rate(15 minutes)', '*/15 * * * *'])('%s leaves out what has passed meanwhile', (schedule) => {
    const late = start + 3_600_000 * 5 + 1
    const next = createTimetable(schedule, start)(late)
    expect(next).toBeGreaterThan(late)
    expect(next).toBeLessThanOrEqual(late + 15 * 60_000)
  })

  it.each(['', 'hourly', '* * * *', '60 * * * *', 'rate(0 minutes)', '0 0 30 2 *'])(
    '%j is refused when the server starts',
    (schedule) => {
      expect(() => createTimetable(schedule, start)).toThrow(TypeError)
      expect(() => createTimetable(schedule, start)).toThrow(/^The schedule is ".*": expected a crontab/)
    },
  )
})
