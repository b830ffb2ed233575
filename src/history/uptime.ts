import type { CheckRecord, Day } from './check-record.ts'

export const dayMs = 86_400_000

/** @param now epoch ms @returns days since the epoch */
export const dayOf = (now: number): number => Math.floor(now / dayMs)

/**
 * The part of the known time in which the check did not fail, over the last `days` days with today; undefined when nothing
 * is known of them. Maintenance counts neither way.
 */
export function uptimeOf(
  { days }: Pick<CheckRecord, 'days'>,
  count: number,
  now: number,
): number | undefined {
  const recent = days.filter(({ day }) => day > dayOf(now) - count)
  const sum = (of: (day: Day) => number) => recent.reduce((total, day) => total + of(day), 0)
  const up = sum(({ pass, warn }) => pass + warn)
  const down = sum(({ fail }) => fail)
  return up + down === 0 ? undefined : up / (up + down)
}

/** `99.95 %`, rounded down: what failed at all is never 100 %. */
export const percent = (part: number | undefined): string =>
  part === undefined ? '-' : `${part === 1 ? '100' : (Math.floor(part * 10_000) / 100).toFixed(2)} %`
