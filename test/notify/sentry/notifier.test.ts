import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { secretsOf } from '../../../src/config/config.ts'
import { CheckError } from '../../../src/core/check.ts'
import { createScrub } from '../../../src/core/scrub.ts'
import { createLog } from '../../../src/notify/log.ts'
import type { CronRun, EndedCronRun } from '../../../src/notify/notifier.ts'
import { sentryNotifier } from '../../../src/notify/sentry/notifier.ts'
import { sdk as cloudflare } from '../../../src/platforms/cloudflare/sentry.ts'
import { sdk as node } from '../../../src/platforms/node/sentry.ts'
import { type SentryIngest, startSentryIngest } from '../../servers/sentry-ingest.ts'
import { fakeClock } from '../../support/fake-clock.ts'
import { failing, passing } from '../results.ts'

interface SentryEvent {
  level: string
  fingerprint: string[]
  tags: Record<string, string>
  release: string
  environment: string
  contexts: Record<string, Record<string, unknown>>
  exception: { values: { type: string; value: string; stacktrace?: { frames: { filename: string }[] } }[] }
}

const secrets = {
  DATABASE_URL:
    'postgres://health_owner:planted%2Fp%40ss%2Bword@ep-cool-name-123.eu-central-1.aws.neon.tech/shop',
  UPSTASH_REDIS_REST_URL: 'https://planted-host.upstash.io',
  UPSTASH_REDIS_REST_TOKEN: 'plantedRedisToken==',
  HEALTH_TOKEN: 'planted-health-token-of-16',
}
const plain = [
  'planted/p@ss+word',
  'ep-cool-name-123.eu-central-1.aws.neon.tech',
  'health_owner',
  'planted-host.upstash.io',
  secrets.UPSTASH_REDIS_REST_TOKEN,
  secrets.HEALTH_TOKEN,
]
const planted = plain.flatMap((secret) => [
  secret,
  encodeURIComponent(secret),
  btoa(secret),
  btoa(secret).replace(/=+$/, ''),
  JSON.stringify(secret).slice(1, -1),
])

let ingest: SentryIngest
beforeAll(async () => {
  ingest = await startSentryIngest()
})
afterAll(() => ingest?.close())
afterEach(() => {
  ingest.clear()
  ingest.mode = { kind: 'ok' }
})

const identity = { hostname: 'health-check/fra', release: '4f2a91c' }
const cronRun: CronRun = { ...identity, schedule: '*/15 * * * *' }
const ended = (passed: boolean): EndedCronRun => ({ ...cronRun, passed, results: [], durationMs: 1234 })

describe.each([
  ['@sentry/node', node],
  ['@sentry/cloudflare', cloudflare],
])('the Sentry notifier over %s', (_, sdk) => {
  function setUp(more: { monitorSlug?: string; monitorSchedule?: string } = {}) {
    const clock = fakeClock()
    const lines: string[] = []
    const load = vi.fn(async () => sdk)
    const notifier = sentryNotifier({
      config: {
        dsn: ingest.dsn,
        environment: 'staging',
        monitorSlug: undefined,
        monitorSchedule: undefined,
        ...more,
      },
      load,
      clock,
      scrub: createScrub(secretsOf({ ...secrets, SENTRY_DSN: ingest.dsn })),
      log: createLog((line) => lines.push(line)),
    })
    const report = async (...results: ReturnType<typeof passing>[]) =>
      notifier.report?.({ ...identity, trigger: 'request', results })
    const events = () => ingest.items<SentryEvent>('event')
    return { notifier, clock, lines, load, report, events }
  }

  it('tells a failed check as one event that names it and shows its causes', async () => {
    const { report, events } = setUp()
    await report(passing('redis'), failing('database', 'unreachable', { details: { sqlState: '57P03' } }))
    expect(events()).toHaveLength(1)
    expect(events()[0]).toMatchObject({
      level: 'error',
      fingerprint: ['health', 'database', 'unreachable'],
      tags: { checker: 'database', code: 'unreachable', ...identity, environment: 'staging' },
      release: '4f2a91c',
      environment: 'staging',
      contexts: { details: { sqlState: '57P03' } },
    })
    expect(events()[0]?.exception.values.map(({ type, value }) => `${type}: ${value}`)).toEqual([
      'TypeError: fetch failed',
      'CheckError: the connection failed',
      'CheckFailed: database cannot be reached',
    ])
    expect(events()[0]?.tags).not.toHaveProperty('bug')
  })

  it('tells neither warnings nor what repeats the fault of another check, and then loads no SDK', async () => {
    const { report, load } = setUp()
    await report(
      passing('database', { status: 'warn', code: 'slow' }),
      failing('celery', 'timeout', { causedBy: 'redis' }),
      passing('redis'),
    )
    expect(load).not.toHaveBeenCalled()
    expect(ingest.envelopes).toEqual([])
  })

  it('tells the same check and code once in five minutes', async () => {
    const { report, events, clock } = setUp()
    for (let minute = 0; minute < 5; minute += 1) {
      await report(failing('database', 'timeout'), failing('redis', 'timeout'))
      await clock.advance(60_000)
    }
    // Those of one run are sent at once, and arrive in any order.
    const sent = (from = 0) =>
      events()
        .slice(from)
        .map(({ fingerprint }) => fingerprint.join(' '))
        .sort()
    expect(sent()).toEqual(['health database timeout', 'health redis timeout'])
    await report(failing('database', 'timeout'), failing('database', 'unauthorized'))
    expect(sent(2)).toEqual(['health database timeout', 'health database unauthorized'])
  })

  it.each([{ kind: 'down' }, { kind: 'status', status: 500 }, { kind: 'status', status: 429 }] as const)(
    'tells it again when Sentry was not reached, being %j',
    async (mode) => {
      const { report, events } = setUp()
      ingest.mode = mode
      await report(failing('database', 'timeout'))
      ingest.clear()
      ingest.mode = { kind: 'ok' }
      for (let run = 0; run < 2; run += 1) await report(failing('database', 'timeout'))
      expect(events()).toHaveLength(1)
    },
  )

  it('tells it again when the SDK could not be loaded, and says why it was not notified', async () => {
    const { report, events, load, lines, notifier } = setUp({ monitorSlug: 'health' })
    load.mockRejectedValue(new Error(`no module at ${secrets.HEALTH_TOKEN}`))
    await report(failing('database', 'timeout'))
    expect(await notifier.begin?.(cronRun)(ended(true))).toBe('not sent')
    expect(lines.map((line) => JSON.parse(line))).toEqual(
      Array(3).fill({
        message: 'Sentry was not notified',
        level: 'error',
        reason: 'Error: no module at [redacted]',
      }),
    )
    load.mockResolvedValue(sdk)
    await report(failing('database', 'timeout'))
    expect(events()).toHaveLength(1)
  })

  it('tells it again when the SDK kept it until its end', async () => {
    const { report, load, lines } = setUp()
    const held = { send: async () => ({}), flush: async () => false }
    load.mockResolvedValue({ ...sdk, createTransport: () => held } as unknown as typeof sdk)
    for (let run = 0; run < 2; run += 1) await report(failing('database', 'timeout'))
    expect(load).toHaveBeenCalledTimes(2)
    expect(lines.map((line) => JSON.parse(line).reason)).toEqual(['timeout', 'timeout'])
  })

  it('tells the same error object again when its time has come', async () => {
    const { report, events, clock } = setUp()
    const cause = new Error('thrown by a module that keeps its errors')
    for (let time = 0; time < 3; time += 1) {
      await report(
        failing('shop', 'error', { cause }),
        failing('till', 'timeout', { cause: new CheckError('timeout', 'x') }),
      )
      await clock.advance(300_000)
    }
    expect(events()).toHaveLength(6)
  })

  it('tells an unexpected error of a check as the bug that it is, with its stack', async () => {
    const { report, events } = setUp()
    await report(failing('database', 'error', { cause: new RangeError('out of range') }))
    expect(events()[0]).toMatchObject({
      level: 'error',
      tags: { bug: 'true' },
      fingerprint: ['health', 'database', 'error'],
    })
    const [exception] = events()[0]?.exception.values ?? []
    expect(exception).toMatchObject({ type: 'RangeError', value: 'out of range' })
    expect(exception?.stacktrace?.frames.at(-1)?.filename).toContain('notifier.test.ts')
  })

  it.each([new TypeError('undefined is no function'), 'a text', undefined])(
    'tells a bug outside of the checks, even when %s was thrown',
    async (thrown) => {
      const { notifier, events } = setUp()
      await notifier.bug?.(thrown, identity)
      expect(events()[0]).toMatchObject({
        fingerprint: ['health', 'function', 'error'],
        tags: { bug: 'true' },
      })
    },
  )

  it('lets no secret into any envelope, in whatever form', async () => {
    const { report, notifier } = setUp({ monitorSlug: 'health' })
    const text = `connect ${secrets.DATABASE_URL} with ${planted.join(' ')} Bearer ${secrets.UPSTASH_REDIS_REST_TOKEN}`
    const driver = Object.assign(new Error(text), {
      url: secrets.DATABASE_URL,
      headers: { authorization: text },
    })
    driver.stack = `Error: ${text}\n    at connect (/srv/${secrets.HEALTH_TOKEN}/driver.js:1:2)`
    const cause = new CheckError('unreachable', text, { cause: driver })
    await report(
      failing('database', 'unreachable', { cause, details: { hint: text, [text]: [text, { deep: text }] } }),
    )
    await report(failing('redis', 'error', { cause: driver }))
    await notifier.bug?.(driver, { ...identity, hostname: secrets.UPSTASH_REDIS_REST_URL })
    await (await notifier.begin?.(cronRun))?.(ended(false))
    expect(ingest.items('event')).toHaveLength(3)
    for (const { raw } of ingest.envelopes) {
      for (const secret of planted) expect(raw).not.toContain(secret)
      expect(raw).not.toContain('0123456789abcdef0123456789abcdef')
    }
  })

  it('leaves out details that are too long for an issue', async () => {
    const { report, events } = setUp()
    await report(failing('migrations', 'error', { details: { pending: Array(5000).fill('0001_first') } }))
    expect(events()[0]?.contexts['details']).toEqual({ left_out: expect.stringMatching(/^\d+ characters$/) })
  })

  it('has the sentence, the next step and the names of the worst findings, and no definition', async () => {
    const { report, events } = setUp()
    const finding = {
      object: 'public.orders.total',
      kind: 'column',
      difference: 'changed',
      found: "'Mr Smith'",
    }
    const details = { next: 'npx drizzle-kit migrate', migrations: 7, findings: [finding] }
    await report(failing('migrations', 'error', { details }))
    expect(events()[0]?.contexts).toMatchObject({
      result: {
        output: 'migrations could not be checked',
        next: 'npx drizzle-kit migrate',
        findings: ['changed column public.orders.total'],
      },
      details: { next: 'npx drizzle-kit migrate', migrations: 7 },
    })
    expect(JSON.stringify(events())).not.toContain('Smith')
  })

  it('makes no transactions, sessions or reports', async () => {
    const { report, notifier } = setUp({ monitorSlug: 'health' })
    await report(failing('database', 'timeout'))
    await notifier.begin?.(cronRun)(ended(true))
    const types = ingest.envelopes.flatMap(({ items }) => items.map(({ type }) => type))
    expect(types.sort()).toEqual(['check_in', 'check_in', 'event'])
  })

  it.each([
    [true, 'ok'],
    [false, 'error'],
  ])('frames a cron run by check-ins: passed %s ends as %s', async (passed, status) => {
    const { notifier } = setUp({ monitorSlug: 'health', monitorSchedule: '0 0 * * *' })
    expect(await notifier.begin?.(cronRun)(ended(passed))).toBe('sent')
    const [first, last] = ingest.items<Record<string, unknown>>('check_in')
    expect(first).toMatchObject({
      status: 'in_progress',
      monitor_slug: 'health',
      environment: 'staging',
      monitor_config: {
        // The trigger's own, not SENTRY_MONITOR_SCHEDULE.
        schedule: { type: 'crontab', value: '*/15 * * * *' },
        failure_issue_threshold: 2,
      },
    })
    expect(last).toMatchObject({ status, duration: 1.234, check_in_id: first?.['check_in_id'] })
    expect(ingest.items('check_in')).toHaveLength(2)
  })

  it('takes SENTRY_MONITOR_SCHEDULE where the trigger does not say its own', async () => {
    const { notifier } = setUp({ monitorSlug: 'health', monitorSchedule: 'rate(15 minutes)' })
    await notifier.begin?.({ ...cronRun, schedule: undefined })(ended(true))
    expect(ingest.items('check_in')[0]).toMatchObject({
      monitor_config: { schedule: { type: 'interval', value: 15, unit: 'minute' } },
    })
  })

  it('sends check-ins without a schedule rather than with a wrong one', async () => {
    const { notifier } = setUp({ monitorSlug: 'health' })
    await notifier.begin?.({ ...cronRun, schedule: '0 0 L * *' })(ended(true))
    expect(ingest.items('check_in')).toHaveLength(2)
    expect(ingest.items('check_in')[0]).not.toHaveProperty('monitor_config')
  })

  it('sends the check-ins in order however slow Sentry is', async () => {
    ingest.mode = { kind: 'slow', ms: 150 }
    const { notifier } = setUp({ monitorSlug: 'health' })
    await notifier.begin?.(cronRun)(ended(true))
    expect(ingest.items('check_in').map(({ status }) => status)).toEqual(['in_progress', 'ok'])
  })

  it('sends no check-ins when no monitor is named', () => {
    expect(setUp().notifier.begin).toBeUndefined()
  })

  it.each([
    [{ kind: 'down' }, 'unreachable'],
    [{ kind: 'status', status: 429 }, 'status 429'],
    [{ kind: 'status', status: 500 }, 'status 500'],
  ] as const)('gets over a Sentry that is %j, and logs it', async (mode, reason) => {
    ingest.mode = mode
    const { report, notifier, lines } = setUp({ monitorSlug: 'health' })
    await report(failing('database', 'timeout'))
    expect(await notifier.begin?.(cronRun)(ended(true))).toBe(reason)
    expect(JSON.parse(lines[0] ?? '')).toEqual({ message: 'Sentry was not notified', level: 'warn', reason })
  })
})

it('leaves no listener behind however often something is sent', async () => {
  const before = process.listenerCount('beforeExit')
  const notifier = sentryNotifier({
    config: { dsn: ingest.dsn, environment: undefined, monitorSlug: 'health', monitorSchedule: undefined },
    load: async () => node,
    clock: fakeClock(),
    scrub: (text) => text,
    log: () => {},
  })
  for (let time = 0; time < 12; time += 1) await notifier.begin?.(cronRun)(ended(true))
  expect(process.listenerCount('beforeExit')).toBe(before)
})
