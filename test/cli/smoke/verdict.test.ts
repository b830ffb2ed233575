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

const redirect = ': a redirect, which is not followed; give the final address'
const notOurs = ', without the body of a health check'
test.each([
  [200, 'unreachable', notOurs],
  [299, 'unreachable', notOurs],
  [300, 'unreachable', redirect],
  [301, 'unreachable', redirect],
  [399, 'unreachable', redirect],
  [400, 'unreachable', notOurs],
  [401, 'refused', ': no token was given, it is wrong, or the deployment has none set'],
  [403, 'refused', ': something in front of the deployment refused'],
  [404, 'unreachable', ': nothing is deployed there yet'],
  [429, 'unreachable', notOurs],
  [500, 'unreachable', notOurs],
  [522, 'unreachable', notOurs],
] as const)('HTTP %i without our body is %s', (status, kind, meaning) => {
  expect(judge(answer(status, 'error code: 522'), anything)).toEqual({
    kind,
    reason: `HTTP ${status}${meaning}`,
  })
})

test('no answer at all is unreachable, for the reason that was found', () => {
  const reason = 'no answer within 5 s'
  expect(judge({ kind: 'no_answer', reason }, anything)).toEqual({ kind: 'unreachable', reason })
})

test('every verdict says why', () => {
  const reasonOf = (status: number, text: string, expectation: Parameters<typeof judge>[1] = anything) =>
    judge(answer(status, text), expectation).reason
  const failing = JSON.parse(healthBody({ failing: ['celery', 'redis'], checks: ['celery', 'redis'] }))
  // As one of Runscope healthcheck, which has no code.
  delete failing.results[0].code
  expect(reasonOf(200, healthBody({}))).toBe('healthy')
  expect(reasonOf(503, JSON.stringify(failing))).toBe(
    'celery cannot be reached; redis cannot be reached (unreachable)',
  )
  expect(reasonOf(200, healthBody({}), { checks: ['redis', 'mail', 'search'] })).toBe(
    'no result for mail, search',
  )
  expect(reasonOf(200, healthBody({ release: '4f2a91c' }), { checks: [], release: 'b00b1e5' })).toBe(
    'release 4f2a91c answers, b00b1e5 is expected',
  )
  expect(reasonOf(404, '{"error":"No such check.","code":"unknown_check"}')).toBe(
    'the deployment has no check of that name',
  )
})

test.each([
  [199, 'unhealthy'],
  [200, 'healthy'],
  [299, 'healthy'],
  [300, 'unhealthy'],
] as const)('HTTP %i with checks that all pass is %s', (status, kind) => {
  const verdict = judge(answer(status, healthBody({})), anything)
  expect(verdict.kind).toBe(kind)
  if (kind === 'unhealthy')
    expect(verdict.reason).toBe(`the answer contradicts itself: every check passes, HTTP ${status}`)
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
