import { expect, it } from 'vitest'
import { statuspageSummary } from '../../../src/http/formats/statuspage.ts'
import { schemaOf } from '../../support/schema.ts'
import { eventful, historyOf } from './histories.ts'
import { mixed, reportOf, resultOf } from './reports.ts'

const url = 'https://health.example.com/health-check/status.json'
const summary = (report = mixed, history = eventful) =>
  JSON.parse(JSON.stringify(statuspageSummary(report, history, url)))

const matchesStatuspage = schemaOf('status')

it('is a summary of Statuspage, with each check as a component', () => {
  expect(matchesStatuspage(summary()), JSON.stringify(matchesStatuspage.errors)).toBe(true)
  expect(summary()).toMatchObject({
    page: { id: 'health-check', url: 'https://health.example.com' },
    status: { indicator: 'critical', description: 'A check fails' },
    components: [
      { id: 'database', status: 'operational', description: null, position: 1 },
      { id: 'migrations', status: 'major_outage', description: '1 difference from the migrations' },
      { id: 'redis', status: 'degraded_performance' },
    ],
  })
})

it('has the incidents that are open, and no other', () => {
  expect(summary().incidents).toMatchObject([
    {
      name: 'database did not answer in time',
      status: 'investigating',
      incident_updates: [{ body: 'database did not answer in time (timeout)' }],
    },
  ])
  expect(summary(mixed, historyOf()).incidents).toEqual([])
  expect(JSON.parse(JSON.stringify(statuspageSummary(mixed, undefined, url))).incidents).toEqual([])
})

it.each([
  ['pass', 'none'],
  ['warn', 'minor'],
  ['fail', 'critical'],
] as const)('says of %s that it is %s', (status, indicator) => {
  expect(summary(reportOf(resultOf('redis', status))).status.indicator).toBe(indicator)
})

it('has no details of any result', () => {
  expect(JSON.stringify(summary())).not.toContain('server_version')
})

it('has the maintenance windows that are open or will be', () => {
  const { timestamp } = mixed
  const windows = [
    { from: timestamp - 60_000, until: timestamp + 60_000 },
    { from: timestamp + 3_600_000, until: timestamp + 7_200_000 },
  ]
  const written = JSON.parse(JSON.stringify(statuspageSummary(mixed, eventful, url, windows)))
  expect(matchesStatuspage(written), JSON.stringify(matchesStatuspage.errors)).toBe(true)
  expect(written.scheduled_maintenances).toMatchObject([
    {
      status: 'in_progress',
      scheduled_for: '2026-11-22T10:20:12.531Z',
      scheduled_until: '2026-11-22T10:22:12.531Z',
    },
    { status: 'scheduled', scheduled_for: '2026-11-22T11:21:12.531Z' },
  ])
  expect(summary().scheduled_maintenances).toEqual([])
})
