import { describe, expect, it } from 'vitest'
import type { Status } from '../../src/core/check.ts'
import { serviceOf, toReport, worst } from '../../src/core/report.ts'
import { passing } from '../notify/results.ts'

describe('the report', () => {
  it.each<[Status[], Status, boolean]>([
    [[], 'pass', true],
    [['pass', 'pass'], 'pass', true],
    [['pass', 'warn'], 'warn', true],
    [['pass', 'warn', 'fail', 'pass'], 'fail', false],
    [['fail'], 'fail', false],
  ])('of %j is at worst %s, and has passed: %s', (statuses, status, passed) => {
    const results = statuses.map((each) => passing('database', { status: each }))
    expect(worst(results)).toBe(status)
    expect(toReport(results, { hostname: 'here' }, 1)).toMatchObject({ passed, results })
  })

  it('names a release that is known, and none that is not', () => {
    expect(toReport([], { hostname: 'here', release: '4f2a91c' }, 1)).toMatchObject({ release: '4f2a91c' })
    expect(toReport([], { hostname: 'here', release: undefined }, 1)).not.toHaveProperty('release')
  })

  it.each([
    ['health-check/fra', 'health-check'],
    ['health-check', 'health-check'],
    ['', ''],
  ])('of %j is of the service %j, wherever it runs', (hostname, service) => {
    expect(serviceOf(hostname)).toBe(service)
  })
})
