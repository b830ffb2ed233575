import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Check } from '../src/core/check.ts'
import { systemClock } from '../src/core/clock.ts'
import { createHandler } from '../src/lambda.ts'
import type { LambdaResponse } from '../src/platforms/lambda/answer.ts'
import { recorded, requestEvent } from './lambda/events.ts'
import { type HeartbeatService, startHeartbeat } from './servers/heartbeat.ts'
import { type SentryIngest, startSentryIngest } from './servers/sentry-ingest.ts'
import { stretchLimits } from './support/stretch-limits.ts'

let ingest: SentryIngest
let heartbeat: HeartbeatService
beforeAll(async () => {
  ;[ingest, heartbeat] = await Promise.all([startSentryIngest(), startHeartbeat()])
  // In the bundle it is one small file; from its sources it takes longer to load than an answer may wait.
  await import('../src/platforms/node/sentry.ts')
})
afterAll(() => Promise.all([ingest?.close(), heartbeat?.close()]))
beforeEach(() => {
  vi.spyOn(console, 'log').mockImplementation(() => {})
  vi.spyOn(console, 'error').mockImplementation(() => {})
})
afterEach(() => {
  vi.unstubAllEnvs()
  vi.restoreAllMocks()
  ingest.clear()
  ingest.mode = { kind: 'ok' }
  heartbeat.pings.splice(0)
})

const shop = (fails: boolean): Check => ({
  name: 'shop',
  run: () => ({ status: fails ? 'fail' : 'pass', code: fails ? 'closed' : 'ok', output: 'the shop' }),
})

function makeHandler(checks: readonly Check[], more: Record<string, string> = {}) {
  const environment = {
    HEALTH_CHECKS: checks.map(({ name }) => name).join(','),
    HEALTH_TTL_FAIL: '0',
    ...more,
  }
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value)
  return createHandler({ checks })
}
const logged = () => vi.mocked(console.log).mock.calls.map(([line]) => JSON.parse(line))
const get = requestEvent('/health-check')
/** What the answer did not wait for has reached Sentry. */
const sent = (envelopes: number) =>
  vi.waitFor(() => expect(ingest.envelopes).toHaveLength(envelopes), { timeout: 20_000 })

describe('a request to the Lambda function', () => {
  it.each(['function-url-get', 'http-api-head'] as const)('answers %s as it was recorded', async (name) => {
    vi.stubEnv('AWS_LAMBDA_FUNCTION_NAME', 'shop-health')
    vi.stubEnv('AWS_REGION', 'eu-central-1')
    const handler = makeHandler([shop(false)], { SENTRY_RELEASE: '4f2a91c' })
    const event = recorded(name)
    event['rawQueryString'] = ''
    const answer = (await handler(event)) as LambdaResponse
    expect(answer).toMatchObject({
      statusCode: 200,
      isBase64Encoded: false,
      headers: {
        'content-type': 'application/json',
        'cache-control': 'no-store',
        'x-content-type-options': 'nosniff',
      },
    })
    if (name === 'http-api-head') expect(answer.body).toBe('')
    else
      expect(JSON.parse(answer.body)).toMatchObject({
        status: 'success',
        hostname: 'shop-health/eu-central-1',
        release: '4f2a91c',
        results: [{ checker: 'shop' }],
      })
  })

  it.each([
    ['/health-check?format=text', 'text/plain; charset=utf-8', '[+]shop ok'],
    ['/health-check/metrics', 'text/plain; version=0.0.4; charset=utf-8', 'edge_health_release_info'],
    ['/health-check/status', 'text/html; charset=utf-8', '<h3>'],
  ])('is answered in another form at %s', async (path, type, part) => {
    const answer = (await makeHandler([shop(false)])(requestEvent(path))) as LambdaResponse
    expect([answer.statusCode, answer.headers['content-type']]).toEqual([200, type])
    expect(answer.isBase64Encoded).toBe(false)
    expect(answer.body).toContain(part)
  })

  it('names no release that it does not know', async () => {
    const handler = makeHandler([shop(false)])
    const { body } = (await handler(get)) as LambdaResponse
    expect(JSON.parse(body)).not.toHaveProperty('release')
  })

  it.each<[string, unknown, number, string]>([
    ['POST with a base64 body', recorded('function-url-post-base64'), 405, 'method_not_allowed'],
    ['TRACE', requestEvent('/health-check', { method: 'TRACE' }), 405, 'method_not_allowed'],
    ['CONNECT', requestEvent('/elsewhere', { method: 'CONNECT' }), 405, 'method_not_allowed'],
    ['a method that is none', requestEvent('/', { method: 'G T' }), 405, 'method_not_allowed'],
    ['a GET with a body', { ...get, body: 'x' }, 400, 'bad_request'],
    [
      'a HEAD with a base64 body',
      { ...recorded('http-api-head'), body: 'eA==', isBase64Encoded: true },
      400,
      'bad_request',
    ],
    [
      'a host that is none',
      { ...get, requestContext: { http: { method: 'GET' }, domainName: 'a b' } },
      400,
      'bad_request',
    ],
    [
      'no host at all',
      { ...get, requestContext: { http: { method: 'GET' }, domainName: '' } },
      400,
      'bad_request',
    ],
    ['a header that is none', requestEvent('/health-check', { headers: { 'x y': 'z' } }), 400, 'bad_request'],
    ['an elsewhere', requestEvent('/elsewhere'), 404, 'not_found'],
    ['nothing', {}, 400, 'bad_request'],
    ['an upload', { Records: [{ eventSource: 'aws:s3' }] }, 400, 'bad_request'],
  ])('refuses %s in JSON that nobody caches', async (_, event, status, code) => {
    const answer = (await makeHandler([shop(false)])(event)) as LambdaResponse
    expect(answer.statusCode).toBe(status)
    expect(JSON.parse(answer.body)).toEqual({ error: expect.any(String), code })
    expect(answer.headers).toMatchObject({
      'content-type': 'application/json',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      ...(status === 405 ? { allow: 'GET, HEAD' } : {}),
    })
  })

  it('writes no URL of a caller into the log', async () => {
    const event = {
      ...requestEvent('/health-check?token=planted'),
      requestContext: { http: { method: 'GET' }, domainName: 'a b' },
    }
    await makeHandler([shop(false)])(event)
    expect(console.error).not.toHaveBeenCalled()
  })

  it('waits for Sentry, so that the freeze does not take the event', async () => {
    stretchLimits(40)
    ingest.mode = { kind: 'slow', ms: 100 }
    const handler = makeHandler([shop(true)], { SENTRY_DSN: ingest.dsn })
    expect(await handler(get)).toMatchObject({ statusCode: 503 })
    expect(ingest.answered).toBe(1)
    expect(ingest.items('event')).toMatchObject([{ fingerprint: ['health', 'shop', 'closed'] }])
  })

  it('waits for half a second at most, and answers while Sentry is silent', async () => {
    ingest.mode = { kind: 'silent' }
    const sleep = vi.spyOn(systemClock, 'sleep')
    const handler = makeHandler([shop(true)], { SENTRY_DSN: ingest.dsn })
    expect(await handler(get)).toMatchObject({ statusCode: 503 })
    expect(sleep).toHaveBeenLastCalledWith(500, expect.any(AbortSignal))
    await sent(1)
    // What the log says once our own time for Sentry is over.
    expect(logged()).not.toContainEqual(expect.objectContaining({ message: 'Sentry was not notified' }))
  })

  it('does not wait past the deadline', async () => {
    ingest.mode = { kind: 'silent' }
    let spentMs = 0
    vi.spyOn(systemClock, 'now').mockImplementation(() => Date.now() + spentMs)
    const sleep = vi.spyOn(systemClock, 'sleep')
    const late: Check = {
      ...shop(true),
      run(context) {
        spentMs = 3600
        return shop(true).run(context)
      },
    }
    const handler = makeHandler([late], { SENTRY_DSN: ingest.dsn, HEALTH_DEADLINE_MS: '3500' })
    expect(await handler(get)).toMatchObject({ statusCode: 503 })
    expect(sleep.mock.lastCall?.[0]).toBeLessThanOrEqual(3500 + 150 - 3600)
    // Else it arrives in the next test.
    await sent(1)
  })

  it('tells Sentry of a bug in the function itself', async () => {
    stretchLimits(40)
    const handler = makeHandler(
      [{ name: 'shop', run: () => Promise.reject(new RangeError('out of range')) }],
      { SENTRY_DSN: ingest.dsn },
    )
    expect(await handler(get)).toMatchObject({ statusCode: 503 })
    expect(ingest.items('event')).toMatchObject([{ tags: { bug: 'true', code: 'error' } }])
  })
})

describe('a schedule that calls the Lambda function', () => {
  const environment = () => ({
    SENTRY_DSN: ingest.dsn,
    SENTRY_MONITOR_SLUG: 'health',
    SENTRY_MONITOR_SCHEDULE: '*/30 * * * *',
    HEARTBEAT_URL: `${heartbeat.url}/uuid`,
  })

  it.each([
    ['a rule', recorded('eventbridge-rule'), { type: 'crontab', value: '*/30 * * * *' }],
    ['the scheduler', recorded('eventbridge-scheduler'), { type: 'crontab', value: '*/30 * * * *' }],
    ['an input of its own', { cron: 'rate(15 minutes)' }, { type: 'interval', value: 15, unit: 'minute' }],
  ])('runs the checks for %s and tells everybody before it ends', async (_, event, schedule) => {
    const handler = makeHandler([shop(false)], environment())
    expect(await handler(event)).toBeUndefined()
    expect(ingest.items('check_in')).toMatchObject([
      { status: 'in_progress', monitor_config: { schedule } },
      { status: 'ok' },
    ])
    expect(heartbeat.pings).toMatchObject([{ path: '/uuid' }])
    expect(logged()).toMatchObject([{ message: 'cron run', status: 'pass' }])
  })

  it('ends well when a check fails', async () => {
    const handler = makeHandler([shop(true)], environment())
    expect(await handler(recorded('eventbridge-rule'))).toBeUndefined()
    expect(ingest.items('check_in')).toMatchObject([{ status: 'in_progress' }, { status: 'error' }])
    expect(ingest.items('event')).toHaveLength(1)
    expect(heartbeat.pings).toMatchObject([{ path: '/uuid/fail' }])
    expect(logged()).toMatchObject([{ message: 'cron run', level: 'error', status: 'fail' }])
  })
})

it('refuses checks that have the same name when it is built, not when it is called', () => {
  expect(() => createHandler({ checks: [shop(true), shop(false)] })).toThrow('Two checks are named shop')
})
