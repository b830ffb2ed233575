import type { CheckRecord } from '../../history/check-record.ts'
import { dayOf } from '../../history/uptime.ts'

/** One character for each of the last days, the oldest first: `█` no failure, `▄` up to an hour, `▁` more, `·` nothing known. */
export function barOf({ days }: CheckRecord, count: number, now: number): string {
  const byDay = new Map(days.map((day) => [day.day, day]))
  return Array.from({ length: count }, (_, index) => {
    const day = byDay.get(dayOf(now) - count + 1 + index)
    if (!day || day.pass + day.warn + day.fail + day.maintenance === 0) return '·'
    if (day.fail === 0) return '█'
    return day.fail <= 3600 ? '▄' : '▁'
  }).join('')
}
