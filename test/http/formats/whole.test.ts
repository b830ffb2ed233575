/** Each form as a whole, as its readers get it; read by parsers of others: the tests beside this one. */
import { expect, it } from 'vitest'
import { atomContentType, atomFeed } from '../../../src/http/formats/atom.ts'
import { renderBadge } from '../../../src/http/formats/badge.ts'
import { formats } from '../../../src/http/formats/formats.ts'
import {
  metricsContentTypes,
  metricsFormatOf,
  renderMetrics,
} from '../../../src/http/formats/open-metrics.ts'
import { plainText } from '../../../src/http/formats/plain-text.ts'
import { statuspageSummary } from '../../../src/http/formats/statuspage.ts'
import { badDatabase, eventful, historyOf, observationOf } from './histories.ts'
import { mixed, now, reportOf, resultOf } from './reports.ts'

const feedUrl = 'https://health.example.com/health-check/feed.atom?a=1&b=2'

it('a feed', () => {
  expect(atomFeed(eventful, 'health-check/fra', feedUrl)).toBe(`<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom">
<id>https://health.example.com/health-check/feed.atom?a=1&amp;b=2</id>
<title>Incidents of health-check</title>
<updated>2026-11-22T10:20:12.531Z</updated>
<link rel="self" href="https://health.example.com/health-check/feed.atom?a=1&amp;b=2"/>
<author><name>health-check</name></author>
<entry><id>tag:health.example.com,2026-11-22:database/1795342272531</id><title>database fails: database did not answer in time</title><published>2026-11-22T10:11:12.531Z</published><updated>2026-11-22T10:20:12.531Z</updated><content type="text">database did not answer in time (timeout), since 2026-11-22T10:11:12.531Z, release 2, release 1 before it</content></entry>
<entry><id>tag:health.example.com,2026-11-22:database/1795337472531</id><title>database failed: database did not answer in time</title><published>2026-11-22T08:51:12.531Z</published><updated>2026-11-22T09:01:13.531Z</updated><content type="text">database did not answer in time (timeout), from 2026-11-22T08:51:12.531Z to 2026-11-22T09:01:12.531Z, release 1</content></entry>
</feed>
`)
})

it('a feed of many incidents has the newest 20', () => {
  const incidents = Array.from({ length: 25 }, () => eventful.incidents).flat()
  const feed = atomFeed({ ...eventful, incidents }, 'health-check/fra', feedUrl)
  expect(feed.match(/<entry>/g)).toHaveLength(20)
})

it('a feed names a release before only where it was another one, and no character that XML has not', () => {
  const contentOf = (release: string, before: string) => {
    const history = historyOf(
      observationOf(30, { release: before }),
      observationOf(20, { ...badDatabase, output: 'a\u0000b <"&">', release }),
    )
    return /<content type="text">(.*)<\/content>/.exec(atomFeed(history, 'x', feedUrl))?.[1]
  }
  const since = 'a b &lt;&quot;&amp;&quot;&gt; (timeout), since 2026-11-22T10:01:12.531Z'
  expect(contentOf('2', '2')).toBe(`${since}, release 2`)
  expect(contentOf('2', '1')).toBe(`${since}, release 2, release 1 before it`)
  expect(contentOf('', '')).toBe(since)
  expect(contentOf('2', '')).toBe(`${since}, release 2`)
  expect(atomContentType).toBe('application/atom+xml; charset=utf-8')
})

const work = reportOf(
  resultOf('celery', 'warn', {
    code: 'slow',
    details: {
      ...{ subscribers: 3, answered: 2, heartbeat_age_seconds: 4.5 },
      backlog: { 'a "b"\\\n': 7 },
    },
  }),
  resultOf('jobs', 'pass', { details: { waiting: 12, oldest_seconds: 90 } }),
)

it('metrics in OpenMetrics', () => {
  expect(renderMetrics(work, 'openmetrics', true, 'warn')).toBe(`# TYPE edge_health_status stateset
# HELP edge_health_status What each check says
edge_health_status{check="celery",edge_health_status="pass"} 0
edge_health_status{check="celery",edge_health_status="warn"} 1
edge_health_status{check="celery",edge_health_status="fail"} 0
edge_health_status{check="jobs",edge_health_status="pass"} 1
edge_health_status{check="jobs",edge_health_status="warn"} 0
edge_health_status{check="jobs",edge_health_status="fail"} 0
# TYPE edge_health_code info
# HELP edge_health_code The code of each result
edge_health_code_info{check="celery",code="slow"} 1
edge_health_code_info{check="jobs",code="ok"} 1
# TYPE edge_health_response_seconds gauge
# UNIT edge_health_response_seconds seconds
# HELP edge_health_response_seconds How long each check took
edge_health_response_seconds{check="celery"} 0.012431
edge_health_response_seconds{check="jobs"} 0.012431
# TYPE edge_health_checked_timestamp_seconds gauge
# UNIT edge_health_checked_timestamp_seconds seconds
# HELP edge_health_checked_timestamp_seconds When each result was known
edge_health_checked_timestamp_seconds{check="celery"} 1795342872.502
edge_health_checked_timestamp_seconds{check="jobs"} 1795342872.502
# TYPE edge_health_overall_status stateset
# HELP edge_health_overall_status What all checks together say
edge_health_overall_status{edge_health_overall_status="pass"} 0
edge_health_overall_status{edge_health_overall_status="warn"} 1
edge_health_overall_status{edge_health_overall_status="fail"} 0
# TYPE edge_health_queue_messages gauge
# HELP edge_health_queue_messages Messages that wait in a queue
edge_health_queue_messages{check="celery",queue="a \\"b\\"\\\\\\n"} 7
edge_health_queue_messages{check="jobs",queue="jobs"} 12
# TYPE edge_health_workers_answered gauge
# HELP edge_health_workers_answered Workers that answered
edge_health_workers_answered{check="celery"} 2
# TYPE edge_health_workers_subscribed gauge
# HELP edge_health_workers_subscribed Workers that are subscribed to their control queue
edge_health_workers_subscribed{check="celery"} 3
# TYPE edge_health_heartbeat_age_seconds gauge
# UNIT edge_health_heartbeat_age_seconds seconds
# HELP edge_health_heartbeat_age_seconds How old the heartbeat is
edge_health_heartbeat_age_seconds{check="celery"} 4.5
# TYPE edge_health_oldest_message_age_seconds gauge
# UNIT edge_health_oldest_message_age_seconds seconds
# HELP edge_health_oldest_message_age_seconds How long the oldest message waits
edge_health_oldest_message_age_seconds{check="jobs"} 90
# TYPE edge_health_release info
# HELP edge_health_release The release that answers
edge_health_release_info{release="4f2a91c",hostname="health-check/fra"} 1
# EOF
`)
})

it("metrics in Prometheus's own format, without work and without what is not known", () => {
  expect(renderMetrics(reportOf(resultOf('redis')), 'prometheus')).toBe(`# TYPE edge_health_status gauge
# HELP edge_health_status What each check says
edge_health_status{check="redis",edge_health_status="pass"} 1
edge_health_status{check="redis",edge_health_status="warn"} 0
edge_health_status{check="redis",edge_health_status="fail"} 0
# TYPE edge_health_code_info gauge
# HELP edge_health_code_info The code of each result
edge_health_code_info{check="redis",code="ok"} 1
# TYPE edge_health_response_seconds gauge
# HELP edge_health_response_seconds How long each check took
edge_health_response_seconds{check="redis"} 0.012431
# TYPE edge_health_checked_timestamp_seconds gauge
# HELP edge_health_checked_timestamp_seconds When each result was known
edge_health_checked_timestamp_seconds{check="redis"} 1795342872.502
# TYPE edge_health_release_info gauge
# HELP edge_health_release_info The release that answers
edge_health_release_info{release="4f2a91c",hostname="health-check/fra"} 1
`)
  const { release: _, ...unreleased } = reportOf()
  const hidden = renderMetrics(unreleased, 'prometheus')
  expect(hidden).toMatch(
    /^# TYPE edge_health_release_info gauge\n.*\nedge_health_release_info\{hostname="[^"]*"\} 1\n$/,
  )
  const strange = resultOf('x', 'pass', {
    details: { waiting: Number.NaN, answered: '2', backlog: undefined },
  })
  const unknown = renderMetrics(reportOf(strange, resultOf('redis')), 'prometheus', true)
  expect(unknown).not.toMatch(/queue|workers/)
  expect(renderMetrics(work, 'prometheus')).not.toMatch(/queue|workers/)
})

it('the format of metrics is the one that is asked for', () => {
  expect(metricsFormatOf(null)).toBe('prometheus')
  expect(metricsFormatOf('text/plain, application/OpenMetrics-text;version=1.0.0')).toBe('openmetrics')
  expect(metricsFormatOf(`${'x'.repeat(1000)}application/openmetrics-text`)).toBe('prometheus')
  expect(metricsContentTypes).toEqual({
    openmetrics: 'application/openmetrics-text; version=1.0.0; charset=utf-8',
    prometheus: 'text/plain; version=0.0.4; charset=utf-8',
  })
})

it('text', () => {
  expect(plainText.render(mixed, false)).toBe(`[+]database ok
[-]migrations drift: 1 difference from the migrations
[!]redis slow: redis answers slowly
health check failed
`)
  expect(plainText.render(reportOf(resultOf('redis')), false)).toBe('[+]redis ok\nhealth check passed\n')
})

it('a badge', () => {
  const badge = (status: 'pass' | 'warn' | 'fail', isKnown = true) =>
    renderBadge(reportOf(resultOf('redis', status)), isKnown)
  const every = { schemaVersion: 1, label: 'health', cacheSeconds: 300 }
  expect(badge('pass')).toEqual({ ...every, message: 'healthy', color: 'brightgreen' })
  expect(badge('warn')).toEqual({ ...every, message: 'healthy, with a warning', color: 'yellow' })
  expect(badge('fail')).toEqual({ ...every, message: 'unhealthy', color: 'red' })
  expect(badge('fail', false)).toEqual({ ...every, message: 'no data', color: 'lightgrey' })
})

it('a summary of Statuspage', () => {
  const windows = [
    { from: now, until: now + 1 },
    { from: now + 1, until: now + 2 },
  ]
  const url = 'https://health.example.com/health-check/status.json'
  const report = reportOf(resultOf('redis', 'warn'))
  expect(statuspageSummary(report, eventful, url, windows)).toEqual({
    page: {
      id: 'health-check',
      name: 'health-check',
      url: 'https://health.example.com',
      time_zone: 'Etc/UTC',
      updated_at: '2026-11-22T10:21:12.502Z',
    },
    status: {
      indicator: 'minor',
      description: 'A check warns',
    },
    components: [
      {
        id: 'redis',
        name: 'redis',
        status: 'degraded_performance',
        description: 'redis answers slowly',
        position: 1,
        created_at: '2026-11-22T10:21:12.502Z',
        updated_at: '2026-11-22T10:21:12.502Z',
        page_id: 'health-check',
        group: false,
        group_id: null,
        only_show_if_degraded: false,
        showcase: true,
        start_date: null,
      },
    ],
    incidents: [
      {
        id: 'database-1795342272531',
        name: 'database did not answer in time',
        status: 'investigating',
        impact: 'critical',
        created_at: '2026-11-22T10:11:12.531Z',
        updated_at: '2026-11-22T10:20:12.531Z',
        monitoring_at: null,
        resolved_at: null,
        started_at: '2026-11-22T10:11:12.531Z',
        page_id: 'health-check',
        components: [],
        incident_updates: [
          {
            id: 'database-1795342272531-1',
            status: 'investigating',
            body: 'database did not answer in time (timeout)',
            created_at: '2026-11-22T10:11:12.531Z',
            updated_at: '2026-11-22T10:11:12.531Z',
            display_at: '2026-11-22T10:11:12.531Z',
            incident_id: 'database-1795342272531',
          },
        ],
      },
    ],
    scheduled_maintenances: [
      {
        id: 'maintenance-1795342872531',
        name: 'Maintenance',
        status: 'in_progress',
        impact: 'maintenance',
        created_at: '2026-11-22T10:21:12.531Z',
        updated_at: '2026-11-22T10:21:12.531Z',
        monitoring_at: null,
        resolved_at: null,
        started_at: '2026-11-22T10:21:12.531Z',
        scheduled_for: '2026-11-22T10:21:12.531Z',
        scheduled_until: '2026-11-22T10:21:12.532Z',
        page_id: 'health-check',
        components: [],
        incident_updates: [],
      },
      {
        id: 'maintenance-1795342872532',
        name: 'Maintenance',
        status: 'scheduled',
        impact: 'maintenance',
        created_at: '2026-11-22T10:21:12.531Z',
        updated_at: '2026-11-22T10:21:12.531Z',
        monitoring_at: null,
        resolved_at: null,
        started_at: '2026-11-22T10:21:12.532Z',
        scheduled_for: '2026-11-22T10:21:12.532Z',
        scheduled_until: '2026-11-22T10:21:12.533Z',
        page_id: 'health-check',
        components: [],
        incident_updates: [],
      },
    ],
  })
  expect(statuspageSummary(reportOf(), undefined, url)).toMatchObject({
    page: { updated_at: '2026-11-22T10:21:12.531Z' },
    status: { indicator: 'none', description: 'All checks pass' },
    ...{ components: [], incidents: [], scheduled_maintenances: [] },
  })
  expect(statuspageSummary(mixed, undefined, url)).toMatchObject({
    status: { indicator: 'critical', description: 'A check fails' },
    components: [
      { status: 'operational', description: null, position: 1 },
      { status: 'major_outage', description: '1 difference from the migrations', position: 2 },
      { status: 'degraded_performance', position: 3 },
    ],
  })
})

it('the names of the forms that a query may ask for', () => {
  expect([...formats].map(([name, { contentType, always200 }]) => [name, contentType, always200])).toEqual([
    ['health+json', 'application/health+json', undefined],
    ['ohdear', 'application/json', true],
    ['text', 'text/plain; charset=utf-8', undefined],
  ])
})
