import { expect, test } from 'vitest'
import { isRelease, judge } from '../../../src/cli/smoke/verdict.ts'
import { healthBody } from './fake-deployment.ts'

const anything = { checks: [] }
const answer = (status: number, text: string) => ({ kind: 'answer', status, text }) as const

test.each([
  ['4f2a91c', '4f2a91c7e0', true],
  ['4f2a91c7e0', '4f2a91c', true],
  ['4f2a91c7e0', '4f2a91c7e0', true],
  ['4f2a91', '4f2a91c7e0', false],
  ['v12', 'v12', true],
  ['v1', 'v12', false],
  ['4f2a91d', '4f2a91c7e0', false],
  [undefined, '4f2a91c7e0', false],
  ['', '4f2a91c7e0', false],
])('release %s answers where %s is expected: %s', (found, expected, same) => {
  expect(isRelease(found, expected)).toBe(same)
})

test('an answer whose checks all pass is healthy', () => {
  expect(judge(answer(200, healthBody({})), anything).kind).toBe('healthy')
})

test('a warning is healthy', () => {
  const body = JSON.parse(healthBody({}))
  body.results[0] = { ...body.results[0], status: 'warn', code: 'slow' }
  expect(judge(answer(200, JSON.stringify(body)), anything).kind).toBe('healthy')
})

test('the answer of Runscope healthcheck, which has no status, code or release of its results, is understood', () => {
  const body = (passed: boolean) =>
    `{"hostname":"web-1","status":"${passed ? 'success' : 'failure'}","timestamp":1795340472.531,"results":[{"checker":"database","output":"database ok","passed":${passed},"timestamp":1795340472.5,"expires":1795340499.5,"response_time":0.01}]}`
  expect(judge(answer(200, body(true)), anything).kind).toBe('healthy')
  expect(judge(answer(500, body(false)), anything).kind).toBe('unhealthy')
})

test('the old release is the wrong release, healthy or not', () => {
  const old = { release: '1111111' }
  const expectation = { checks: [], release: '4f2a91c' }
  expect(judge(answer(200, healthBody(old)), expectation).kind).toBe('wrong_release')
  expect(judge(answer(503, healthBody({ ...old, failing: ['redis'] })), expectation).kind).toBe(
    'wrong_release',
  )
  expect(judge(answer(200, healthBody({})), expectation).reason).toBe(
    'the answer names no release, 4f2a91c is expected',
  )
})

test('a failing check is unhealthy whatever HTTP status was chosen for it', () => {
  for (const status of [200, 401, 403, 404, 500, 503]) {
    expect(judge(answer(status, healthBody({ failing: ['redis'] })), anything).kind).toBe('unhealthy')
  }
})

test('a status that contradicts the results is not healthy', () => {
  expect(judge(answer(503, healthBody({})), anything).kind).toBe('unhealthy')
  expect(judge(answer(200, healthBody({}).replace('"success"', '"failure"')), anything).kind).toBe(
    'unhealthy',
  )
})

test('a check that was asked for and is not in the answer is not healthy', () => {
  const verdict = judge(answer(200, healthBody({ checks: ['database'] })), { checks: ['database', 'celery'] })
  expect(verdict).toMatchObject({ kind: 'unhealthy', reason: 'no result for celery' })
})

test.each([
  ['a page', '<!doctype html><title>There is nothing here yet</title>'],
  ['no results', '{"status":"success","results":[]}'],
  ['another health check', '{"status":"ok"}'],
  ['nothing', ''],
  ['a list', '[]'],
])('HTTP 200 with %s is not an answer', (_what, text) => {
  expect(judge(answer(200, text), anything).kind).toBe('unreachable')
})

test.each([
  [301, 'unreachable'],
  [400, 'unreachable'],
  [401, 'refused'],
  [403, 'refused'],
  [404, 'unreachable'],
  [429, 'unreachable'],
  [500, 'unreachable'],
  [522, 'unreachable'],
] as const)('HTTP %i without our body is %s', (status, kind) => {
  expect(judge(answer(status, 'error code: 522'), anything).kind).toBe(kind)
})

test('a 404 of our own for a path is waited for, one for a check is not', () => {
  expect(judge(answer(404, '{"error":"No such page.","code":"not_found"}'), anything).kind).toBe(
    'unreachable',
  )
  expect(judge(answer(404, '{"error":"No such check.","code":"unknown_check"}'), anything).kind).toBe(
    'refused',
  )
})

test('a reason is short, however much is answered', () => {
  const endless = 'x'.repeat(100_000)
  const failing = healthBody({ failing: ['redis'] }).replace('redis cannot be reached', endless)
  expect(judge(answer(503, failing), anything).reason.length).toBeLessThan(1100)
  const old = healthBody({ release: endless })
  expect(judge(answer(200, old), { checks: [], release: '4f2a91c' }).reason.length).toBeLessThan(1100)
})
