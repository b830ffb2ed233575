import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type HeartbeatService, startHeartbeat } from '../servers/heartbeat.ts'
import { until } from '../servers/process.ts'
import { type SentryIngest, startSentryIngest } from '../servers/sentry-ingest.ts'
import { startWorkerd, type WorkerdServer } from '../servers/workerd.ts'
import { healthToken, startStack, type TestStack } from '../support/stack.ts'

/** Codes are looked at here, not times. */
const patient = { HEALTH_SLOW_MS: '20000', HEALTH_TIMEOUT_MS: '10000', HEALTH_DEADLINE_MS: '12000' }

let stack: TestStack
let ingest: SentryIngest
let heartbeat: HeartbeatService
const running: WorkerdServer[] = []
beforeAll(async () => {
  ;[stack, ingest, heartbeat] = await Promise.all([startStack(), startSentryIngest(), startHeartbeat()])
})
afterAll(() => Promise.all([stack?.close(), ingest?.close(), heartbeat?.close()]))
beforeEach(() => {
  stack.sqlProxy.clear()
  stack.redisProxy.clear()
  ingest.clear()
  ingest.mode = { kind: 'ok' }
  heartbeat.pings.splice(0)
})
afterEach(async () => {
  await stack.sqlProxy.set(undefined)
  await stack.redisProxy.set(undefined)
  await Promise.all(running.splice(0).map((worker) => worker.close()))
})

async function start(more: Record<string, string | object> = {}): Promise<WorkerdServer> {
  const bindings = {
    ...stack.environment,
    HEALTH_CHECKS: 'database,redis',
    HEALTH_TTL_FAIL: '0',
    ...patient,
    SENTRY_DSN: ingest.dsn,
    SENTRY_RELEASE: '4f2a91c',
    ...more,
  }
  const worker = await startWorkerd({ entry: 'src/release/worker.ts', bindings })
  running.push(worker)
  return worker
}

const withCron = () => ({
  SENTRY_MONITOR_SLUG: 'health-check',
  HEARTBEAT_URL: `${heartbeat.url}/uuid`,
})
const fingerprints = () =>
  ingest.items<{ fingerprint: string[] }>('event').map(({ fingerprint }) => fingerprint.join(' '))
/** The lines of the log that are about cron runs. */
const cronLines = (worker: WorkerdServer) =>
  worker
    .output()
    .split('\n')
    .filter((line) => line.includes('"cron run"'))
    .map((line) => JSON.parse(line.slice(line.indexOf('{'))))

describe('Sentry in workerd', () => {
  it('is notified of 60 failing requests, HEAD among them, by one event for each check and code', async () => {
    const worker = await start()
    await stack.sqlProxy.set({ kind: 'refuse' })
    await stack.redisProxy.set({ kind: 'html', status: 401 })
    for (let round = 0; round < 6; round += 1) {
      await Promise.all(
        Array.from({ length: 10 }, (_, index) =>
          fetch(`${worker.url}/health-check`, { method: index % 2 === 0 ? 'HEAD' : 'GET' }),
        ),
      )
    }
    // Each event is a request of its own.
    await until('both events', () => fingerprints().length >= 2)
    expect(fingerprints().sort()).toEqual(['health database unreachable', 'health redis unauthorized'])
    // A new code is another fault.
    await stack.redisProxy.set({ kind: 'refuse' })
    await fetch(`${worker.url}/health-check`)
    await until('the third event', () => fingerprints().includes('health redis unreachable'))
    expect(fingerprints()).toHaveLength(3)
    expect(ingest.items('transaction')).toEqual([])
  })

  it('is notified by a HEAD request as by a GET', async () => {
    const worker = await start({ CF_VERSION_METADATA: { tag: 'abc1234' }, SENTRY_RELEASE: '' })
    await stack.redisProxy.set({ kind: 'refuse' })
    expect((await fetch(`${worker.url}/health-check`, { method: 'HEAD' })).status).toBe(503)
    await until('the event', () => fingerprints().length === 1)
    expect(ingest.items('event')[0]).toMatchObject({
      release: 'abc1234',
      environment: 'production',
      tags: { checker: 'redis', code: 'unreachable', hostname: 'health-check', release: 'abc1234' },
    })
  })

  it.each([{ kind: 'silent' }, { kind: 'down' }, { kind: 'status', status: 429 }] as const)(
    'neither delays nor breaks an answer when it is %j',
    async (mode) => {
      ingest.mode = mode
      const worker = await start()
      await stack.redisProxy.set({ kind: 'refuse' })
      const answers = await Promise.all(
        Array.from({ length: 20 }, async () => (await fetch(`${worker.url}/health-check`)).json()),
      )
      for (const answer of answers) {
        expect(answer).toMatchObject({
          status: 'failure',
          results: [{ code: 'ok' }, { code: 'unreachable' }],
        })
      }
      // The next request is none the worse for it.
      await stack.redisProxy.set(undefined)
      expect((await fetch(`${worker.url}/health-check`)).status).toBe(200)
    },
  )

  it('is notified after the answer', async () => {
    const { promise: answer, resolve: sentryAnswers } = Promise.withResolvers<void>()
    ingest.mode = { kind: 'held', until: answer }
    const worker = await start()
    await stack.redisProxy.set({ kind: 'refuse' })
    await (await fetch(`${worker.url}/health-check`)).json()
    sentryAnswers()
    await until('the delivery', () => ingest.answered === 1)
    // As it would be in the log if the answer had waited, which came before that of Sentry.
    expect(worker.output()).not.toContain('Sentry was not notified')
  })

  it('hears nothing of passing checks and cached results', async () => {
    const worker = await start({ HEALTH_TTL_FAIL: '60' })
    await fetch(`${worker.url}/health-check`)
    await stack.redisProxy.set({ kind: 'refuse' })
    await fetch(`${worker.url}/health-check`)
    // Whatever they had sent would be there before the event of a run that fails.
    const headers = { authorization: `Bearer ${healthToken}` }
    await fetch(`${worker.url}/health-check?fresh&check=redis`, { headers })
    await until('the event', () => ingest.answered > 0)
    expect(fingerprints()).toEqual(['health redis unreachable'])
    expect(ingest.envelopes).toHaveLength(1)
  })
})

describe('a cron run in workerd', () => {
  it('ends well with Sentry on, framed by check-ins, with a heartbeat and one line', async () => {
    const worker = await start(withCron())
    expect(await worker.fireScheduled('*/15 * * * *')).toMatchObject({ outcome: 'ok' })
    expect(ingest.items('check_in')).toMatchObject([
      {
        status: 'in_progress',
        monitor_slug: 'health-check',
        monitor_config: { schedule: { type: 'crontab', value: '*/15 * * * *' }, failure_issue_threshold: 2 },
      },
      { status: 'ok' },
    ])
    expect(heartbeat.pings).toMatchObject([{ method: 'POST', path: '/uuid' }])
    await until('the line', () => cronLines(worker).length > 0)
    expect(cronLines(worker)).toMatchObject([
      {
        level: 'info',
        status: 'pass',
        hostname: 'health-check',
        notified: { sentry: 'sent', heartbeat: 'sent' },
      },
    ])
  })

  it('ends well when a check fails, and says so everywhere', async () => {
    const worker = await start(withCron())
    await stack.redisProxy.set({ kind: 'refuse' })
    expect(await worker.fireScheduled('0 8 * * 2-6')).toMatchObject({ outcome: 'ok' })
    expect(fingerprints()).toEqual(['health redis unreachable'])
    expect(ingest.items('check_in')).toMatchObject([
      { status: 'in_progress', monitor_config: { schedule: { value: '0 8 * * 1-5' } } },
      { status: 'error' },
    ])
    // What failed was asked again, and nothing else.
    expect([stack.sqlProxy.requests.length, heartbeat.pings.length]).toEqual([1, 1])
    expect(heartbeat.pings).toMatchObject([{ path: '/uuid/fail' }])
    expect(heartbeat.pings[0]?.body).toContain('redis: fail unreachable')
    await until('the line', () => cronLines(worker).length > 0)
    expect(cronLines(worker)).toMatchObject([{ level: 'error', status: 'fail' }])
  })

  it('tells nobody of a check that fails once and not again', async () => {
    const worker = await start(withCron())
    await stack.redisProxy.set({ kind: 'refuse' })
    const ending = worker.fireScheduled()
    await until('the first answer', () => fingerprints().length > 0)
    await stack.redisProxy.set(undefined)
    expect(await ending).toMatchObject({ outcome: 'ok' })
    expect(ingest.items('check_in')).toMatchObject([{ status: 'in_progress' }, { status: 'ok' }])
    expect(heartbeat.pings).toMatchObject([{ path: '/uuid' }])
    await until('the line', () => cronLines(worker).length > 0)
    expect(cronLines(worker)).toMatchObject([
      { status: 'pass', first_answer: { failed: [{ checker: 'redis', code: 'unreachable' }] } },
    ])
  })

  it.each([{ kind: 'down' }, { kind: 'status', status: 429 }] as const)(
    'ends well when Sentry is %j',
    async (mode) => {
      ingest.mode = mode
      const worker = await start(withCron())
      expect(await worker.fireScheduled()).toMatchObject({ outcome: 'ok' })
      expect(heartbeat.pings).toHaveLength(1)
    },
  )

  it('asks a check again only when its TTL is over, and reports it all the same', async () => {
    const worker = await start({ ...withCron(), HEALTH_DATABASE_TTL_PASS: '3600', HEALTH_TTL_PASS: '0' })
    await worker.fireScheduled()
    await worker.fireScheduled()
    expect([stack.sqlProxy.requests.length, stack.redisProxy.requests.length]).toEqual([1, 2])
    expect(heartbeat.pings).toHaveLength(2)
    expect(heartbeat.pings[1]?.body).toContain('database: pass ok')
  })

  it('needs neither Sentry nor a heartbeat', async () => {
    const worker = await start({ SENTRY_DSN: '' })
    expect(await worker.fireScheduled()).toMatchObject({ outcome: 'ok' })
    expect(ingest.envelopes).toEqual([])
    await until('the line', () => cronLines(worker).length > 0)
    expect(cronLines(worker)).toMatchObject([{ status: 'pass', notified: {} }])
  })
})
