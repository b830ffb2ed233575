import type { CheckRecord, Incident } from '../../history/check-record.ts'
import { percent, uptimeOf } from '../../history/uptime.ts'
import { columns } from '../terminal/columns.ts'
import { harmless, type Paint } from '../terminal/terminal.ts'
import { barOf } from './bar.ts'

export const windows = [1, 7, 30, 90] as const

/** `2026-11-26 02:14`, in UTC. */
const moment = (ms: number): string => new Date(ms).toISOString().slice(0, 16).replace('T', ' ')

/** Minutes between the first and the last bad result. */
const minutesOf = ({ from, to }: Incident): number => Math.round((to - from) / 60_000)

/** @param now epoch ms */
export function renderHistory(
  records: ReadonlyMap<string, CheckRecord>,
  incidents: readonly Incident[],
  now: number,
  paint: Paint,
): string[] {
  const uptime = [...records].map(([check, record]) => [
    harmless(check),
    record.last?.status ?? '-',
    ...windows.map((days) => percent(uptimeOf(record, days, now))),
    barOf(record, 30, now),
  ])
  const titles = ['check', 'now', ...windows.map((days) => `${days} d`), 'last 30 days']
  const rows = incidents.map((incident) => [
    harmless(incident.check),
    moment(incident.from),
    moment(incident.to),
    String(minutesOf(incident)),
    harmless(`${incident.output} (${incident.code})`),
    harmless(releasesOf(incident)),
  ])
  const list = columns(['check', 'from (UTC)', 'to', 'min', 'result', 'release'], rows, paint)
  return [...columns(titles, uptime, paint), '', ...(rows.length > 0 ? list : ['no incidents'])]
}

function releasesOf({ release, releaseBefore }: Incident): string {
  return releaseBefore !== '' && releaseBefore !== release ? `${release} (before: ${releaseBefore})` : release
}
