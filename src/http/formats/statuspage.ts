import type { Result, Status } from '../../core/check.ts'
import type { Period } from '../../core/period.ts'
import { type Report, serviceOf } from '../../core/report.ts'
import type { Incident } from '../../history/check-record.ts'
import { isOpen, type KnownHistory } from '../../history/history.ts'

const componentStatuses: Readonly<Record<Status, string>> = {
  pass: 'operational',
  warn: 'degraded_performance',
  fail: 'major_outage',
}

const summaries = {
  pass: ['none', 'All checks pass'],
  warn: ['minor', 'A check warns'],
  fail: ['critical', 'A check fails'],
} as const

/**
 * `summary.json` of Statuspage, version 2, which status aggregators read (https://www.atlassian.com/software/statuspage, API of
 * a page: `/api/v2/summary.json`). Only what is known is a component; incidents are those that are open.
 *
 * @param url where this answer is
 * @param maintenance the windows that are open or will be
 */
export function statuspageSummary(
  report: Report,
  history: KnownHistory | undefined,
  url: string,
  maintenance: readonly Period[] = [],
): object {
  const service = serviceOf(report.hostname)
  const updatedAt = iso(Math.max(0, ...report.results.map(({ timestamp }) => timestamp)) || report.timestamp)
  const [indicator, description] = summaries[report.status]
  const open = history ? history.incidents.filter((incident) => isOpen(incident, history.records)) : []
  return {
    page: {
      id: service,
      name: service,
      url: new URL(url).origin,
      time_zone: 'Etc/UTC',
      updated_at: updatedAt,
    },
    status: { indicator, description },
    components: report.results.map((result, index) => toComponent(result, index + 1, service)),
    incidents: open.map((incident) => toIncident(incident, service)),
    scheduled_maintenances: maintenance.map((period) => toMaintenance(period, report.timestamp, service)),
  }
}

const iso = (ms: number): string => new Date(ms).toISOString()

function toComponent({ checker, status, output, timestamp }: Result, position: number, pageId: string) {
  return {
    id: checker,
    name: checker,
    status: componentStatuses[status],
    description: status === 'pass' ? null : output,
    position,
    created_at: iso(timestamp),
    updated_at: iso(timestamp),
    page_id: pageId,
    group: false,
    group_id: null,
    only_show_if_degraded: false,
    showcase: true,
    start_date: null,
  }
}

function toIncident({ check, code, output, from, to }: Incident, pageId: string) {
  const id = `${check}-${from}`
  return {
    id,
    name: output,
    status: 'investigating',
    impact: 'critical',
    created_at: iso(from),
    updated_at: iso(to),
    ...goingOn(from, pageId),
    incident_updates: [
      {
        id: `${id}-1`,
        status: 'investigating',
        body: `${output} (${code})`,
        created_at: iso(from),
        updated_at: iso(from),
        display_at: iso(from),
        incident_id: id,
      },
    ],
  }
}

function toMaintenance({ from, until }: Period, now: number, pageId: string) {
  return {
    id: `maintenance-${from}`,
    name: 'Maintenance',
    status: from <= now ? 'in_progress' : 'scheduled',
    impact: 'maintenance',
    created_at: iso(now),
    updated_at: iso(now),
    ...goingOn(from, pageId),
    scheduled_for: iso(from),
    scheduled_until: iso(until),
    incident_updates: [],
  }
}

const goingOn = (from: number, pageId: string) => ({
  monitoring_at: null,
  resolved_at: null,
  started_at: iso(from),
  page_id: pageId,
  components: [],
})
