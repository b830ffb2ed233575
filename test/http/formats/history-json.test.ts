import { expect, it } from 'vitest'
import { isOpen } from '../../../src/history/history.ts'
import { historyJson } from '../../../src/http/formats/history-json.ts'
import { schemaOf } from '../../support/schema.ts'
import { badDatabase, eventful, historyOf, observationOf } from './histories.ts'
import { now } from './reports.ts'

const identity = { hostname: 'health-check/fra' }
const seconds = (minutesAgo: number) => (now - minutesAgo * 60_000) / 1000

const matchesSchema = schemaOf('history')

it('is what its schema says', () => {
  const warned = { status: 'warn', code: 'slow', isMaintenance: true } as const
  const histories = [eventful, historyOf(), historyOf(observationOf(20, warned), observationOf(10))]
  for (const history of histories) {
    const written = JSON.parse(JSON.stringify(historyJson(history, identity)))
    expect(matchesSchema(written), JSON.stringify(matchesSchema.errors)).toBe(true)
    expect(matchesSchema({ ...written, uptime: 99.9 })).toBe(false)
  }
})

it('has incidents with their releases, and says which one is open', () => {
  expect(historyJson(eventful, identity)).toMatchObject({
    timestamp: now / 1000,
    hostname: 'health-check/fra',
    incidents: [
      {
        checker: 'database',
        code: 'timeout',
        output: 'database did not answer in time',
        from: seconds(10),
        to: null,
        release: '2',
        release_before: '1',
      },
      { checker: 'database', from: seconds(90), to: seconds(80), release: '1' },
    ],
  })
})

it('has the seconds of each day by what was said, and no percentage', () => {
  const history = historyOf(observationOf(30), observationOf(20, badDatabase), observationOf(10))
  expect(historyJson(history, identity)).toMatchObject({
    checks: {
      database: {
        status: 'pass',
        code: 'ok',
        since: seconds(10),
        last: seconds(10),
        days: [{ day: '2026-11-22', pass: 600, warn: 0, fail: 600, maintenance: 0 }],
        response_time: { le: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, null], count: expect.any(Array) },
      },
    },
  })
})

it('is empty, and not wrong, where nothing was ever observed', () => {
  expect(historyJson(historyOf(), identity)).toMatchObject({ checks: {}, incidents: [] })
})

it('an incident is over with the first result that is not a failure', () => {
  const over = historyOf(observationOf(20, badDatabase), observationOf(10))
  expect(over.incidents.map((incident) => isOpen(incident, over.records))).toEqual([false])
  expect(eventful.incidents.map((incident) => isOpen(incident, eventful.records))).toEqual([true, false])
})

it('has no status of a check of which no result is known', () => {
  const records = new Map(
    [...eventful.records].map(([check, record]) => [check, { ...record, last: undefined }]),
  )
  const { checks } = JSON.parse(JSON.stringify(historyJson({ ...eventful, records }, identity)))
  expect(Object.keys(checks.database)).toEqual(['since', 'days', 'response_time'])
})
