import { Ajv } from 'ajv'
import { expect, it } from 'vitest'
import { statuspageSummary } from '../../../src/http/formats/statuspage.ts'
import { eventful, historyOf } from './histories.ts'
import { mixed, reportOf, resultOf } from './reports.ts'

const url = 'https://health.example.com/health-check/status.json'
const summary = (report = mixed, history = eventful) =>
  JSON.parse(JSON.stringify(statuspageSummary(report, history, url)))

const text = { type: 'string', minLength: 1 }
const time = { type: 'string', pattern: String.raw`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$` }
const timeOrNull = { anyOf: [time, { type: 'null' }] }
const impact = { enum: ['none', 'minor', 'major', 'critical'] }
const incidentStatus = { enum: ['investigating', 'identified', 'monitoring', 'resolved', 'postmortem'] }
const object = (properties: Record<string, object>, optional: readonly string[] = []) => ({
  type: 'object',
  additionalProperties: false,
  required: Object.keys(properties).filter((name) => !optional.includes(name)),
  properties,
})

/** After the OpenAPI description that Statuspage publishes for every page (`/api`), as facts about it list its fields. */
const matchesStatuspage = new Ajv().compile(
  object({
    page: object({ id: text, name: text, url: text, time_zone: text, updated_at: time }),
    status: object({ indicator: impact, description: text }),
    components: {
      type: 'array',
      items: object({
        id: text,
        name: text,
        status: {
          enum: [
            'operational',
            'degraded_performance',
            'partial_outage',
            'major_outage',
            'under_maintenance',
          ],
        },
        description: { type: ['string', 'null'] },
        position: { type: 'integer' },
        created_at: time,
        updated_at: time,
        page_id: text,
        group: { type: 'boolean' },
        group_id: { type: 'null' },
        only_show_if_degraded: { type: 'boolean' },
        showcase: { type: 'boolean' },
        start_date: timeOrNull,
      }),
    },
    incidents: {
      type: 'array',
      items: object({
        id: text,
        name: text,
        status: incidentStatus,
        impact,
        created_at: time,
        updated_at: time,
        monitoring_at: timeOrNull,
        resolved_at: timeOrNull,
        started_at: time,
        page_id: text,
        components: { type: 'array' },
        incident_updates: {
          type: 'array',
          minItems: 1,
          items: object({
            id: text,
            status: incidentStatus,
            body: text,
            created_at: time,
            updated_at: time,
            display_at: time,
            incident_id: text,
          }),
        },
      }),
    },
    scheduled_maintenances: {
      type: 'array',
      items: object({
        id: text,
        name: text,
        status: { enum: ['scheduled', 'in_progress', 'verifying', 'completed'] },
        impact: { const: 'maintenance' },
        created_at: time,
        updated_at: time,
        monitoring_at: timeOrNull,
        resolved_at: timeOrNull,
        started_at: time,
        scheduled_for: time,
        scheduled_until: time,
        page_id: text,
        components: { type: 'array' },
        incident_updates: { type: 'array' },
      }),
    },
  }),
)

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
