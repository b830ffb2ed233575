import { spawnSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import type { MetricsFormat } from '../../../src/http/formats/metric-family.ts'
import { metricsFormatOf, renderMetrics } from '../../../src/http/formats/open-metrics.ts'
import { mixed, reportOf, resultOf } from './reports.ts'

/** Read by the parsers of Prometheus's own client library: samples as [name, labels, value], or its complaint. */
const program = `
import json, sys
from prometheus_client.openmetrics.parser import text_string_to_metric_families as openmetrics
from prometheus_client.parser import text_string_to_metric_families as prometheus
families = {'openmetrics': openmetrics, 'prometheus': prometheus}[sys.argv[1]](sys.stdin.read())
print(json.dumps([[f.name, f.type, f.unit, [[s.name, s.labels, s.value] for s in f.samples]] for f in families]))
`

type Sample = [name: string, labels: Record<string, string>, value: number]

function parse(text: string, format: MetricsFormat) {
  const { stdout, stderr, status } = spawnSync('/usr/bin/python3', ['-c', program, format], {
    input: text,
    encoding: 'utf8',
  })
  if (status !== 0) throw new Error(stderr)
  const families: [name: string, type: string, unit: string, samples: Sample[]][] = JSON.parse(stdout)
  return { families, samples: families.flatMap(([, , , samples]) => samples) }
}

describe.each(['openmetrics', 'prometheus'] as const)('%s', (format) => {
  it('is read by the parser of Prometheus, with the same values', () => {
    const { samples } = parse(renderMetrics(mixed, format), format)
    expect(samples).toContainEqual([
      'edge_health_status',
      { check: 'migrations', edge_health_status: 'fail' },
      1,
    ])
    const states = samples.filter(([name]) => name === 'edge_health_status')
    expect(states).toHaveLength(9)
    for (const check of ['database', 'migrations', 'redis']) {
      const values = states.filter(([, labels]) => labels['check'] === check).map(([, , value]) => value)
      expect(values.toSorted()).toEqual([0, 0, 1])
    }
    expect(samples).toContainEqual(['edge_health_code_info', { check: 'migrations', code: 'drift' }, 1])
    expect(samples).toContainEqual(['edge_health_response_seconds', { check: 'database' }, 0.012431])
    const [, , checkedAt] = samples.find(([name]) => name === 'edge_health_checked_timestamp_seconds') ?? []
    expect(checkedAt).toBe(1_795_342_872.502)
    expect(samples).toContainEqual([
      'edge_health_release_info',
      { release: '4f2a91c', hostname: 'health-check/fra' },
      1,
    ])
  })

  it('survives labels with quotes, backslashes and line breaks', () => {
    const odd = 'a"b\\c\nd'
    const { samples } = parse(renderMetrics({ ...mixed, hostname: odd }, format), format)
    expect(samples).toContainEqual(['edge_health_release_info', { release: '4f2a91c', hostname: odd }, 1])
  })

  it('shows queues and workers to callers with the token alone', () => {
    const work = reportOf(
      resultOf('celery', 'pass', {
        details: {
          subscribers: 3,
          answered: 2,
          backlog: { celery: 7, 'a "b"': 0 },
          heartbeat_age_seconds: 4.5,
        },
      }),
      resultOf('jobs', 'warn', { details: { waiting: 12, oldest_seconds: 90, paused: false } }),
      // Neither numbers nor of work.
      resultOf('strange', 'pass', { details: { backlog: 'many', waiting: Number.NaN, answered: '2' } }),
      resultOf('redis'),
    )
    const before = parse(renderMetrics(work, format), format)
    const { samples } = parse(renderMetrics(work, format, true), format)
    const added = samples.filter(([name]) => !before.samples.some(([each]) => each === name))
    expect(added).toEqual([
      ['edge_health_queue_messages', { check: 'celery', queue: 'celery' }, 7],
      ['edge_health_queue_messages', { check: 'celery', queue: 'a "b"' }, 0],
      ['edge_health_queue_messages', { check: 'jobs', queue: 'jobs' }, 12],
      ['edge_health_workers_answered', { check: 'celery' }, 2],
      ['edge_health_workers_subscribed', { check: 'celery' }, 3],
      ['edge_health_heartbeat_age_seconds', { check: 'celery' }, 4.5],
      ['edge_health_oldest_message_age_seconds', { check: 'jobs' }, 90],
    ])
  })

  it('says what all checks together say, also where no check may be named', () => {
    const { samples } = parse(renderMetrics(reportOf(), format, false, 'warn'), format)
    expect(samples.filter(([name]) => name === 'edge_health_overall_status')).toEqual([
      ['edge_health_overall_status', { edge_health_overall_status: 'pass' }, 0],
      ['edge_health_overall_status', { edge_health_overall_status: 'warn' }, 1],
      ['edge_health_overall_status', { edge_health_overall_status: 'fail' }, 0],
    ])
  })

  it('is complete without any result', () => {
    const { samples } = parse(renderMetrics(reportOf(), format), format)
    expect(samples.map(([name]) => name)).toEqual(['edge_health_release_info'])
  })
})

it('names types and units in OpenMetrics, and ends as it has to', () => {
  const text = renderMetrics(reportOf(resultOf('redis')), 'openmetrics')
  const { families } = parse(text, 'openmetrics')
  expect(families.map(([name, type, unit]) => [name, type, unit])).toEqual([
    ['edge_health_status', 'stateset', ''],
    ['edge_health_code', 'info', ''],
    ['edge_health_response_seconds', 'gauge', 'seconds'],
    ['edge_health_checked_timestamp_seconds', 'gauge', 'seconds'],
    ['edge_health_release', 'info', ''],
  ])
  expect(text).toMatch(/\n# EOF\n$/)
})

it.each([
  [null, 'prometheus'],
  ['text/plain', 'prometheus'],
  // What Prometheus 3 sends.
  [
    'application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.5,text/plain;version=0.0.4;q=0.2,*/*;q=0.1',
    'openmetrics',
  ],
])('is chosen by the Accept header %s', (accept, format) => {
  expect(metricsFormatOf(accept)).toBe(format)
})
