import type { Result, Status } from '../../core/check.ts'
import type { Report } from '../../core/report.ts'
import { durationSeconds, seconds } from '../../core/seconds.ts'
import { type Family, type MetricsFormat, renderFamily } from './metric-family.ts'
import { workFamilies } from './work-metrics.ts'

export const metricsContentTypes: Readonly<Record<MetricsFormat, string>> = {
  openmetrics: 'application/openmetrics-text; version=1.0.0; charset=utf-8',
  prometheus: 'text/plain; version=0.0.4; charset=utf-8',
}

/** The format that the scraper asks for; Prometheus names both, and the newer one is taken. */
export const metricsFormatOf = (accept: string | null): MetricsFormat =>
  /application\/openmetrics-text/i.test((accept ?? '').slice(0, 1000)) ? 'openmetrics' : 'prometheus'

const statuses: readonly Status[] = ['pass', 'warn', 'fail']

/**
 * The results as metrics, in OpenMetrics 1.0 (https://prometheus.io/docs/specs/om/open_metrics_spec/) or in Prometheus's
 * text format 0.0.4. A scraper learns from `edge_health_checked_timestamp_seconds` how old a result is; no sample has a
 * timestamp of its own, which would switch off Prometheus's handling of stale series.
 *
 * @param report results that are kept; those that have expired too
 * @param withWork whether queues and workers are shown too: their names and numbers need the token
 * @param overall what all checks together say now; undefined where that is not known
 */
export function renderMetrics(
  { results, release, hostname }: Report,
  format: MetricsFormat,
  withWork = false,
  overall?: Status,
): string {
  const work = withWork ? workFamilies(results) : []
  const together = overall === undefined ? [] : [overallFamily(overall)]
  const families = [...familiesOf(results), ...together, ...work, releaseFamily(release, hostname)]
  const lines = families.flatMap((family) => (family.samples.length > 0 ? renderFamily(family, format) : []))
  return `${[...lines, ...(format === 'openmetrics' ? ['# EOF'] : [])].join('\n')}\n`
}

function familiesOf(results: readonly Result[]): Family[] {
  const perCheck = (value: (result: Result) => number) =>
    results.map((result) => [{ check: result.checker }, value(result)] as const)
  return [
    {
      name: 'edge_health_status',
      type: 'stateset',
      help: 'What each check says',
      samples: results.flatMap(({ checker, status }) =>
        statuses.map(
          (state) => [{ check: checker, edge_health_status: state }, Number(state === status)] as const,
        ),
      ),
    },
    {
      name: 'edge_health_code',
      type: 'info',
      help: 'The code of each result',
      samples: results.map(({ checker, code }) => [{ check: checker, code }, 1] as const),
    },
    {
      name: 'edge_health_response_seconds',
      type: 'gauge',
      unit: 'seconds',
      help: 'How long each check took',
      samples: perCheck(({ responseTime }) => durationSeconds(responseTime)),
    },
    {
      name: 'edge_health_checked_timestamp_seconds',
      type: 'gauge',
      unit: 'seconds',
      help: 'When each result was known',
      samples: perCheck(({ timestamp }) => seconds(timestamp)),
    },
  ]
}

/** The one that is also there where no check may be named. */
function overallFamily(overall: Status): Family {
  return {
    name: 'edge_health_overall_status',
    type: 'stateset',
    help: 'What all checks together say',
    samples: statuses.map((state) => [{ edge_health_overall_status: state }, Number(state === overall)]),
  }
}

function releaseFamily(release: string | undefined, hostname: string): Family {
  return {
    name: 'edge_health_release',
    type: 'info',
    help: 'The release that answers',
    samples: [[{ ...(release !== undefined && { release }), hostname }, 1]],
  }
}
