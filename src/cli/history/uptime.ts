import type { CheckRecord, Day } from '../../history/check-record.ts'

const dayMs = 86_400_000

/** @param now epoch ms @returns days since the epoch */
export const dayOf = (now: number): number => Math.floor(now / dayMs)

/**
 * The part of the known time in which the check did not fail, over the last `days` days with today; undefined when nothing
 * is known of them. Maintenance counts neither way.
 */
export function uptimeOf({ days }: CheckRecord, count: number, now: number): number | undefined {
  const recent = days.filter(({ day }) => day > dayOf(now) - count)
  const sum = (of: (day: Day) => number) => recent.reduce((total, day) => total + of(day), 0)
  const up = sum(({ pass, warn }) => pass + warn)
  const down = sum(({ fail }) => fail)
  return up + down === 0 ? undefined : up / (up + down)
}

/** `99.95 %`, rounded down: what failed at all is never 100 %. */
export const percent = (part: number | undefined): string =>
  part === undefined ? '-' : `${part === 1 ? '100' : (Math.floor(part * 10_000) / 100).toFixed(2)} %`

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
