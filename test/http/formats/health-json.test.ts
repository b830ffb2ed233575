import { expect, it } from 'vitest'
import { healthJson } from '../../../src/http/formats/health-json.ts'
import { schemaOf } from '../../support/schema.ts'
import { mixed, reportOf, resultOf } from './reports.ts'

const render = (report = mixed, withDetails = false) => JSON.parse(healthJson.render(report, withDetails))

const matchesDraft = schemaOf('health-json')

it('is what the draft says', () => {
  expect(matchesDraft(render())).toBe(true)
  expect(render()).toEqual({
    status: 'fail',
    releaseId: '4f2a91c',
    serviceId: 'health-check/fra',
    checks: {
      'database:responseTime': [
        {
          componentType: 'datastore',
          observedValue: 12.431,
          observedUnit: 'ms',
          status: 'pass',
          time: '2026-11-22T10:21:12.502Z',
          code: 'ok',
          expires: '2026-11-22T10:21:39.502Z',
        },
      ],
      'migrations:responseTime': [
        expect.objectContaining({
          componentType: 'component',
          status: 'fail',
          code: 'drift',
          output: '1 difference from the migrations',
        }),
      ],
      'redis:responseTime': [expect.objectContaining({ status: 'warn', output: 'redis answers slowly' })],
    },
  })
})

it.each([
  ['pass', reportOf(resultOf('redis'))],
  ['warn', reportOf(resultOf('redis', 'warn'))],
  ['pass', reportOf()],
])('says %s of all', (status, report) => {
  expect(render(report)).toMatchObject({ status })
  expect(matchesDraft(render(report))).toBe(true)
})

it('has no checks where there are none to show, and no release that nobody knows', () => {
  expect(render(reportOf())).not.toHaveProperty('checks')
  const { release: _, ...unreleased } = reportOf()
  expect(Object.keys(render(unreleased))).toEqual(['status', 'serviceId'])
})

it('calls a database and a Redis a datastore', () => {
  const { checks } = render()
  expect(
    ['database', 'migrations', 'redis'].map((name) => checks[`${name}:responseTime`][0].componentType),
  ).toEqual([...['datastore', 'component', 'datastore']])
})

it('has details only for a caller with the token', () => {
  expect(JSON.stringify(render())).not.toContain('server_version')
  const [database] = render(mixed, true).checks['database:responseTime']
  expect(database.details).toEqual({ server_version: '18.0' })
})
