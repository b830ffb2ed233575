import { describe, expect, it } from 'vitest'
import type { Result } from '../../src/core/check.ts'
import { toReport } from '../../src/core/report.ts'
import { bodyText, httpStatus, toBody } from '../../src/http/response.ts'

const now = 1_795_340_472_531.25

const result = (status: Result['status'], more: Partial<Result> = {}): Result => ({
  checker: 'database',
  status,
  code: 'ok',
  output: 'database ok',
  timestamp: 1_795_340_472_502,
  expires: 1_795_340_499_502,
  responseTime: 12.4314,
  ...more,
})

describe('the body', () => {
  it('is written with the names, the order and the units of the contract', () => {
    const report = toReport([result('pass')], { hostname: 'health-check/fra', release: '4f2a91c' }, now)
    expect(JSON.stringify(toBody(report, false))).toBe(
      '{"status":"success","timestamp":1795340472.531,"hostname":"health-check/fra","release":"4f2a91c","results":[' +
        '{"checker":"database","output":"database ok","passed":true,"status":"pass","code":"ok",' +
        '"timestamp":1795340472.502,"expires":1795340499.502,"response_time":0.012431}]}',
    )
  })

  it('has every field of a result of Runscope healthcheck, with its type', () => {
    // A result as py-healthcheck 1.10.1 wrote it in the Flask application that this one follows.
    const seed = {
      checker: 'health_check_db',
      output: 'database ok',
      passed: true,
      timestamp: 1795340472.1,
      expires: 1795340499.1,
      response_time: 0.000814,
    }
    const written = toBody(toReport([result('warn')], { hostname: 'here' }, now), false)
    for (const [name, value] of Object.entries(seed)) {
      expect(typeof (written.results[0] as Record<string, unknown>)[name]).toBe(typeof value)
    }
    for (const name of ['hostname', 'status', 'timestamp', 'results']) expect(written).toHaveProperty(name)
  })

  it('leaves the release out when nobody knows it, and details when nobody may see them', () => {
    const report = toReport(
      [result('fail', { details: { reason: 'private' }, cause: new Error('private') })],
      { hostname: 'here' },
      now,
    )
    expect(toBody(report, false)).not.toHaveProperty('release')
    expect(JSON.stringify(toBody(report, false))).not.toContain('private')
    expect(toBody(report, true).results[0]).toMatchObject({ details: { reason: 'private' } })
    expect(toBody(report, true).results[0]).not.toHaveProperty('cause')
  })
})

describe('the text of the body', () => {
  it.each([false, true])(
    'is the body as JSON, however often a result is answered, with details: %s',
    (withDetails) => {
      const results = [
        result('fail', { output: 'a "quote" \u2028', details: { reason: 'private' } }),
        result('pass'),
      ]
      for (const [index, some] of [[], results, results.slice(1), results].entries()) {
        const report = toReport(some, { hostname: 'here', release: index % 2 ? 'r' : undefined }, now + index)
        // The other caller's text is kept beside it.
        bodyText(report, !withDetails)
        expect(bodyText(report, withDetails)).toBe(JSON.stringify(toBody(report, withDetails)))
      }
    },
  )
})

it.each([
  ['pass', true],
  ['warn', true],
  ['fail', false],
] as const)('a check that says %s has passed: %s', (status, passed) => {
  const report = toReport([result(status)], { hostname: 'here' }, now)
  expect(toBody(report, false).results[0]?.passed).toBe(passed)
})

it('the status is 200 when all has passed, else the configured one', () => {
  const report = (status: Result['status']) => toReport([result(status)], { hostname: 'here' }, now)
  expect([httpStatus(report('pass'), 503), httpStatus(report('warn'), 500)]).toEqual([200, 200])
  expect([httpStatus(report('fail'), 503), httpStatus(report('fail'), 500)]).toEqual([503, 500])
})
