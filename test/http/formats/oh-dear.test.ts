import { expect, it } from 'vitest'
import { ohDear } from '../../../src/http/formats/oh-dear.ts'
import { schemaOf } from '../../support/schema.ts'
import { mixed, now, reportOf, resultOf } from './reports.ts'

const render = (report = mixed) => JSON.parse(ohDear.render(report, true))

const matchesOhDear = schemaOf('oh-dear')

it('is what Oh Dear reads', () => {
  expect(matchesOhDear(render())).toBe(true)
  expect(render().checkResults).toEqual([
    {
      name: 'database',
      label: 'database',
      notificationMessage: '',
      shortSummary: 'ok',
      status: 'ok',
      meta: { response_time_ms: 12 },
    },
    expect.objectContaining({
      name: 'migrations',
      status: 'failed',
      shortSummary: 'drift',
      notificationMessage: '1 difference from the migrations',
    }),
    expect.objectContaining({ name: 'redis', status: 'warning' }),
  ])
})

it('says that a check crashed which is broken itself', () => {
  const [result] = render(reportOf(resultOf('mail', 'fail', { code: 'error' }))).checkResults
  expect(result.status).toBe('crashed')
})

it('is as old as its oldest result', () => {
  const old = resultOf('redis', 'pass', { timestamp: now - 90_000 })
  expect(render(reportOf(resultOf('database'), old)).finishedAt).toBe(Math.floor((now - 90_000) / 1000))
  expect(render(reportOf()).finishedAt).toBe(Math.floor(now / 1000))
})

it('has no more results than Oh Dear takes, and never details', () => {
  const many = Array.from({ length: 60 }, (_, i) =>
    resultOf(`check${i}`, 'pass', { details: { note: 'private' } }),
  )
  expect(matchesOhDear(render(reportOf(...many)))).toBe(true)
  expect(JSON.stringify(render(reportOf(...many)))).not.toContain('private')
})

it.each([
  ['pass', 'ok'],
  ['warn', 'warning'],
  ['fail', 'failed'],
] as const)('has one result for all where none may be named: %s is %s', (status, said) => {
  const hidden = render({ ...reportOf(resultOf('redis', status)), results: [] })
  expect(matchesOhDear(hidden)).toBe(true)
  const notificationMessage = { pass: '', warn: 'a check warns', fail: 'a check fails' }[status]
  expect(hidden.checkResults).toEqual([
    {
      ...{ name: 'health', label: 'health', notificationMessage, shortSummary: status, status: said },
      meta: {},
    },
  ])
})
