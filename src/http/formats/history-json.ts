import type { Identity } from '../../core/report.ts'
import { seconds } from '../../core/seconds.ts'
import { bucketsMs, type CheckRecord, type Incident } from '../../history/check-record.ts'
import { isOpen, type KnownHistory } from '../../history/history.ts'
import { dayMs } from '../../history/uptime.ts'

/** `2026-11-26`, in UTC. */
const dateOf = (day: number): string => new Date(day * dayMs).toISOString().slice(0, 10)

/**
 * The history as JSON. Days are numerators, in seconds: who wants a percentage divides by what is known, and sees what is
 * not. Every word in it is public.
 */
export function historyJson({ records, incidents, readAt }: KnownHistory, { hostname }: Identity): object {
  return {
    timestamp: seconds(readAt),
    hostname,
    checks: Object.fromEntries([...records].map(([check, record]) => [check, toCheck(record)])),
    incidents: incidents.map((incident) => toIncident(incident, isOpen(incident, records))),
  }
}

function toCheck({ last, since, days, histogram }: CheckRecord) {
  return {
    status: last?.status,
    code: last?.code,
    since: seconds(since),
    last: last && seconds(last.at),
    days: days.map(({ day, pass, warn, fail, maintenance }) => ({
      day: dateOf(day),
      pass,
      warn,
      fail,
      maintenance,
    })),
    response_time: { le: [...bucketsMs.map((ms) => ms / 1000), null], count: histogram },
  }
}

function toIncident(incident: Incident, open: boolean) {
  const { check, code, output, from, to, release, releaseBefore } = incident
  return {
    checker: check,
    code,
    output,
    from: seconds(from),
    to: open ? null : seconds(to),
    release,
    release_before: releaseBefore,
  }
}
