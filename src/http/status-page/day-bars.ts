import type { CheckRecord, Day, Incident } from '../../history/check-record.ts'
import { maxGapMs } from '../../history/history.ts'
import { dayMs, dayOf, uptimeOf } from '../../history/uptime.ts'
import type { Format } from './format.ts'
import type { State, Texts } from './texts/texts.ts'

/** One day of a check. */
export interface DayBar {
  readonly state: State
  /** The date, what part of the known time was good, and what was not. */
  readonly text: string
  /** What happened on a bad day, where that is still known. */
  readonly incident: Incident | undefined
}

export const shownDays = 90

/**
 * @param shown the incidents that are on the page; a day leads to no other
 * @param now epoch ms
 * @returns the oldest first, with today
 */
export function dayBars(
  record: CheckRecord | undefined,
  shown: readonly Incident[],
  now: number,
  format: Format,
  texts: Texts,
): readonly DayBar[] {
  const today = dayOf(now)
  const incidents = record?.incidents.filter((incident) => shown.includes(incident)) ?? []
  const days = new Map(record?.days.map((day) => [day.day, day]))
  return Array.from({ length: shownDays }, (_, index) => {
    const number = today - shownDays + 1 + index
    const day = days.get(number)
    const elapsed = Math.min(dayMs, now - number * dayMs) / 1000
    return {
      state: stateOf(day, elapsed),
      text: `${format.day(number)}: ${describe(day, elapsed, format, texts)}`,
      incident: day && day.fail > 0 ? incidentOn(number, incidents) : undefined,
    }
  })
}

const knownOf = ({ pass, warn, fail, maintenance }: Day): number => pass + warn + fail + maintenance

/** A day of which less than half is known is not good, unless it is bad. */
function stateOf(day: Day | undefined, elapsed: number): State {
  if (!day) return 'none'
  if (day.fail > 0) return 'fail'
  if (2 * knownOf(day) < elapsed) return 'none'
  if (day.warn > 0) return 'warn'
  return day.maintenance > 0 ? 'maintenance' : 'pass'
}

function describe(day: Day | undefined, elapsed: number, { share, duration }: Format, texts: Texts): string {
  const known = day ? knownOf(day) : 0
  if (!day || known === 0) return texts.states.none
  const part = uptimeOf({ days: [day] }, 1, day.day * dayMs)
  const isPartly = 2 * known < elapsed
  return [
    part !== undefined && (isPartly ? texts.of(share(part), duration(known * 1000)) : share(part)),
    day.fail > 0 && `${duration(day.fail * 1000)} ${texts.bad}`,
    day.warn > 0 && `${duration(day.warn * 1000)} ${texts.warned}`,
    day.maintenance > 0 && `${duration(day.maintenance * 1000)} ${texts.maintained}`,
  ]
    .filter(Boolean)
    .join(', ')
}

/** The latest one that reaches into this day. */
const incidentOn = (day: number, incidents: readonly Incident[]): Incident | undefined =>
  incidents.findLast(({ from, to }) => dayOf(from) <= day && dayOf(to + maxGapMs) >= day)
