import type { Period } from '../core/period.ts'

/** A time in which alerts are muted. */
export interface MaintenanceWindow {
  readonly isOpen: (now: number) => boolean
  /** When it is open, or opens next; undefined when it never opens again. */
  readonly next: (now: number) => Period | undefined
}

const minuteMs = 60_000
const weekMinutes = 7 * 1440
const weekdays = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']

/** Hours and minutes of ISO 8601, `PT2H`, `PT90M` or `PT1H30M`, in ms; at most a week. */
function durationMs(text: string): number | undefined {
  const [, hours, minutes] = /^PT(?:(\d{1,3})H)?(?:(\d{1,4})M)?$/.exec(text) ?? []
  const all = (Number(hours ?? 0) * 60 + Number(minutes ?? 0)) * minuteMs
  return all > 0 && all <= weekMinutes * minuteMs ? all : undefined
}

/** `2026-12-01T02:00Z/PT2H`: once. */
function onceWindow(start: string, lengthMs: number): MaintenanceWindow | undefined {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?(Z|[+-]\d\d:\d\d)$/.test(start)) return undefined
  const from = Date.parse(start)
  if (Number.isNaN(from)) return undefined
  const until = from + lengthMs
  return {
    isOpen: (now) => now >= from && now < until,
    next: (now) => (now < until ? { from, until } : undefined),
  }
}

/** `Sun 02:00/PT2H Europe/Berlin`: every week, by the clocks of that place; UTC without one. */
function weeklyWindow(start: string, lengthMs: number, timeZone: string): MaintenanceWindow | undefined {
  const [, day = '', hour, minute] = /^(\w{3}) ([01]\d|2[0-3]):([0-5]\d)$/.exec(start) ?? []
  if (!weekdays.includes(day)) return undefined
  const from = (weekdays.indexOf(day) * 24 + Number(hour)) * 60 + Number(minute)
  try {
    const format = new Intl.DateTimeFormat('en-US', {
      timeZone,
      hourCycle: 'h23',
      weekday: 'short',
      hour: '2-digit',
      minute: '2-digit',
    })
    /** Minutes since the window opened last by the clocks of that place, less than a week. */
    const minutesOpen = (now: number) => {
      const parts = Object.fromEntries(format.formatToParts(now).map(({ type, value }) => [type, value]))
      const local =
        (weekdays.indexOf(parts['weekday'] ?? '') * 24 + Number(parts['hour'])) * 60 + Number(parts['minute'])
      return (local - from + weekMinutes) % weekMinutes
    }
    const isOpen = (now: number) => minutesOpen(now) < lengthMs / minuteMs
    return {
      isOpen,
      next(now) {
        const sinceMinutes = minutesOpen(now) - (isOpen(now) ? 0 : weekMinutes)
        const opens = now - (now % minuteMs) - sinceMinutes * minuteMs
        // Between now and then the clocks of that place may be changed.
        const shift = ((minutesOpen(opens) + weekMinutes / 2) % weekMinutes) - weekMinutes / 2
        const begin = opens - shift * minuteMs
        return { from: begin, until: begin + lengthMs }
      },
    }
  } catch {
    // No such time zone.
    return undefined
  }
}

/** One window; undefined when it has neither form. */
export function maintenanceWindow(text: string): MaintenanceWindow | undefined {
  const [, start = '', duration = '', timeZone] = /^([^/]+)\/(\w+)(?: ([\w/+-]+))?$/.exec(text.trim()) ?? []
  const lengthMs = durationMs(duration)
  if (lengthMs === undefined) return undefined
  return (
    (timeZone === undefined && onceWindow(start, lengthMs)) ||
    weeklyWindow(start, lengthMs, timeZone ?? 'UTC')
  )
}
