/**
 * Workers Free allows 50 subrequests in one invocation (https://developers.cloudflare.com/workers/platform/limits/). The
 * cron needs most: it asks what failed a second time, and tells Sentry and the heartbeat service.
 */
import fc from 'fast-check'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { type CelerySettings, celeryCheck } from '../../../src/checks/celery/check.ts'
import { inspectWorkers } from '../../../src/checks/celery/inspect.ts'
import { limitRequests, maxResent, maxScripts } from '../../../src/checks/celery/requests.ts'
import type { ScriptRunner } from '../../../src/checks/celery/scripts.ts'
import { databaseCheck } from '../../../src/checks/database.ts'
import { redisCheck } from '../../../src/checks/redis.ts'
import { postgresOverHttp } from '../../../src/clients/postgres.ts'
import { redisOverRest } from '../../../src/clients/redis.ts'
import { readConfig } from '../../../src/config/config.ts'
import { CheckError } from '../../../src/core/check.ts'
import type { Clock } from '../../../src/core/clock.ts'
import { createHealth } from '../../../src/health.ts'
import { heartbeatNotifier } from '../../../src/notify/heartbeat.ts'
import { sdk } from '../../../src/platforms/cloudflare/sentry.ts'
import { watchRealWork } from '../../support/settle-real-work.ts'
import { settingsFor } from './broker.ts'

const allowed = 50
const separator = '\x06\x16'

afterEach(() => {
  vi.unstubAllGlobals()
  vi.useRealTimers()
})

/** A clock that is always where the sleeper wants it. */
function jumpingClock(): Clock {
  let elapsed = 0
  return {
    now: () => 1_795_361_133_000 + elapsed,
    monotonic: () => elapsed,
    sleep: async (ms) => {
      elapsed += ms
    },
  }
}

const isOpen = (script: string) => script.includes('PUBLISH')
const isRead = (script: string) => script.includes('LRANGE')
const registration = `${separator}${separator}w1@vm.celery.pidbox`

/** What a broker says whose only worker is frozen. */
function frozen(script: string, registry: unknown): unknown {
  if (isOpen(script)) return [1, 1, 'bound', separator]
  if (isRead(script)) return [['placeholder'], '', 0, 0, 0, registry === 'registry' ? [registration] : [], 0]
  return ['0', '']
}

/** As a connection ends that the server closed while the process was frozen. */
const closed = () => {
  const socket = Object.assign(new Error('other side closed'), { code: 'UND_ERR_SOCKET' })
  return new TypeError('fetch failed', { cause: socket })
}

describe('the control probe', () => {
  it.each([
    [{}, maxScripts],
    [{ queues: ['celery'] }, maxScripts - 1],
    [{ maxBacklog: 10 }, maxScripts - 1],
    [{ maxBacklog: 10, queues: ['celery'] }, maxScripts],
  ] as [Partial<CelerySettings>, number][])(
    'waits for a frozen worker to the end of any time with the same number of scripts, with %o',
    async (changes, scripts) => {
      for (const timeoutMs of [50, 100, 250, 1000, 3000, 5000, 7000, 20_000]) {
        const clock = jumpingClock()
        const sent: number[] = []
        const redis = {
          eval: async (script: string, _keys: string[], args: string[]) => {
            sent.push(clock.monotonic())
            return frozen(script, args[2])
          },
          get: async () => null,
        } as never
        const settings = settingsFor({ url: '', token: '' }, { ...changes, timeoutMs })
        const outcome = await celeryCheck({ ...settings, redis: () => redis }, clock).run({
          signal: new AbortController().signal,
          timeoutMs: 24_000,
        })
        expect(outcome.code, `${timeoutMs} ms`).toBe('no_reply')
        expect(sent, `${timeoutMs} ms`).toHaveLength(scripts)
        expect(sent.at(-1)).toBe(timeoutMs)
      }
    },
  )

  it('stays within its limit whatever the broker does', async () => {
    const event = fc.constantFrom('other', 'nobody', 'somebody', 'nothing', 'more', 'lost')
    await fc.assert(
      fc.asyncProperty(fc.array(event, { maxLength: 40 }), fc.boolean(), async (events, isReserved) => {
        let sent = 0
        const redis = {
          eval: async (script: string, _keys: string[], args: string[]) => {
            sent += 1
            const what = events.shift()
            if (what === 'lost') throw new CheckError('unreachable', 'closed', { cause: closed() })
            if (isOpen(script) && what === 'other' && args[4] !== '') return [0, 0, 'other', `:${sent}`]
            if (isOpen(script)) return [what === 'nobody' ? 0 : 3, 1, 'direct', '']
            return [[], '', 0, 0, what === 'more' ? 1 : 0, [], 0]
          },
        } as unknown as ScriptRunner
        const requests = limitRequests(redis)
        const { signal } = new AbortController()
        const settings = { keyPrefix: '', controlExchange: 'celery', timeoutMs: 1000, expectedWorkers: 1 }
        await inspectWorkers(requests, settings, jumpingClock(), signal, isReserved ? 1 : 0).catch((error) =>
          expect(error).toMatchObject({ code: 'unreachable' }),
        )
        expect(sent).toBeLessThanOrEqual(maxScripts + maxResent - (isReserved ? 1 : 0))
        expect(requests.left).toBeGreaterThanOrEqual(isReserved ? 1 : 0)
      }),
      { numRuns: 500 },
    )
  })
})

/** How many requests this sends to a server that closes each connection. */
async function requestsOf(work: () => unknown): Promise<number> {
  const fetching = vi.fn(async () => {
    throw closed()
  })
  vi.stubGlobal('fetch', fetching)
  await Promise.resolve(work()).catch(() => {})
  return fetching.mock.calls.length
}

describe('an invocation of the cron', () => {
  const context = { signal: new AbortController().signal, timeoutMs: 1000 }
  const connection = { url: 'http://127.0.0.1:1', token: 'token' }
  const postgres = { url: 'postgres://user:password@ep-a-1.eu-central-1.aws.neon.tech/db' }
  /** `migrationsCheck`: while somebody changes the schema. */
  const migrationBatches = 5

  it('stays within the 50 subrequests in the worst that can come together', async () => {
    const redis = await requestsOf(() =>
      redisCheck({ redis: redisOverRest(connection), write: true }).run(context),
    )
    const database = await requestsOf(() =>
      databaseCheck({ postgres: postgresOverHttp(postgres) }).run(context),
    )
    const heartbeat = await requestsOf(() =>
      heartbeatNotifier('http://127.0.0.1:1', jumpingClock()).begin?.({} as never)({ results: [] } as never),
    )
    const probe = settingsFor(connection, { probe: 'heartbeat' })
    const heartbeatProbe = await requestsOf(() => celeryCheck(probe).run(context))
    expect([redis, database, heartbeat, heartbeatProbe]).toEqual([2, 2, 3, 2])

    const control = maxScripts + maxResent
    const checkIns = 2
    /** Sentry is notified of each check that fails at both asks. */
    const events = (failing: number) => 2 * failing
    const telling = heartbeat + checkIns
    // At both asks somebody changes the schema, something is pending, and each check meets a passing fault, which its
    // client asks about once more. `database` passes then, and is not asked a second time.
    const fault = 1
    const flickeringAndChanging = database + 2 * (migrationBatches + fault)
    const worst = {
      'the Redis of the application is gone, the workers at a broker of its own are frozen':
        2 * redis + 2 * control + flickeringAndChanging + events(3) + telling,
      'the workers are frozen, the heartbeat is missing':
        redis + 2 * (control + heartbeatProbe) + flickeringAndChanging + events(2) + telling,
      'Postgres is gone, the workers are frozen':
        redis + 2 * (control + heartbeatProbe) + 2 * (database + database) + events(2) + telling,
      'everything is gone': 2 * (redis + redis + heartbeatProbe) + 2 * (2 * database) + events(2) + telling,
    }
    for (const [situation, requests] of Object.entries(worst)) {
      expect(requests, situation).toBeLessThanOrEqual(allowed)
    }
  })

  const timeouts = [50, 1000, 3000, 7000, 20_000]

  it.each(timeouts.flatMap((ms) => [[ms, 'off'] as const, [ms, 'redis'] as const]))(
    'counts so in a run with CELERY_TIMEOUT_MS=%d and HEALTH_STORE=%s, workers frozen and Postgres gone',
    async (ms, store) => {
      vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date', 'performance'] })
      const realWorkSettled = watchRealWork()
      const requests = new Map<string, number>()
      const stored = new Map<string, string>()
      vi.stubGlobal('fetch', async (url: string | URL, init: RequestInit) => {
        const { hostname } = new URL(url)
        requests.set(hostname, (requests.get(hostname) ?? 0) + 1)
        if (hostname.endsWith('neon.tech')) throw closed()
        if (hostname === 'heartbeat.example') return new Response('', { status: 500 })
        if (hostname === 'sentry.example') return new Response('', { status: 500 })
        const command = JSON.parse(String(init.body)) as string[]
        const [name, key = '', value = ''] = command
        if (name === 'getrange') return Response.json({ result: stored.get(key) ?? '' })
        if (name === 'set') stored.set(key, value)
        if (name !== 'eval') return Response.json({ result: name === 'set' ? 'OK' : null })
        const keys = Number(command[2])
        return Response.json({ result: frozen(String(command[1]), command[3 + keys + 2]) })
      })
      const environment = {
        DATABASE_URL: postgres.url,
        UPSTASH_REDIS_REST_URL: 'https://redis.example',
        UPSTASH_REDIS_REST_TOKEN: 'redis-token',
        CELERY_REDIS_REST_URL: 'https://broker.example',
        CELERY_REDIS_REST_TOKEN: 'broker-token',
        CELERY_PROBE: 'both',
        CELERY_QUEUES: 'celery',
        CELERY_MAX_BACKLOG: '10',
        CELERY_TIMEOUT_MS: String(ms),
        HEALTH_TIMEOUT_MS: String(ms + 1000),
        HEALTH_DEADLINE_MS: String(ms + 2000),
        SENTRY_DSN: 'https://key@sentry.example/1',
        SENTRY_MONITOR_SLUG: 'health',
        HEARTBEAT_URL: 'https://heartbeat.example/ping',
        HEALTH_STORE: store,
      }
      expect(readConfig(environment).mistakes).toEqual([])
      const lines: string[] = []
      const health = createHealth({
        environment,
        loadSentry: async () => sdk,
        write: (line) => lines.push(line),
      })
      let ended = false
      const run = health.scheduled({ hostname: 'test', release: undefined, schedule: '*/15 * * * *' })
      run.finally(() => {
        ended = true
      })
      for (let step = 0; !ended && step < 2000; step += 1) {
        await realWorkSettled()
        await vi.advanceTimersByTimeAsync(100)
      }
      await run
      const cronLine = lines.map((line) => JSON.parse(line)).find(({ message }) => message === 'cron run')
      expect(cronLine.results).toContainEqual(
        expect.objectContaining({ checker: 'celery', code: 'no_reply' }),
      )
      // One list is counted, so the look at the queues is made too; nothing is lost and sent again.
      expect(requests.get('broker.example')).toBe(2 * maxScripts)
      const sum = [...requests.values()].reduce((total, count) => total + count, 0)
      // No schema is compiled here. `migrations` would send its first batch twice at both asks, as `database` does.
      const ofMigrations = 4
      // What is signed is not ready at a time of this clock, so with a store an ask may end a moment before its second request.
      expect(store === 'off' ? [ofMigrations] : [3, ofMigrations]).toContain(
        requests.get('api.eu-central-1.aws.neon.tech'),
      )
      // An alert of `database` and one of `celery` are one request each to each channel.
      const ofOneChannel = store === 'off' ? 0 : 2
      expect(store === 'off' ? [3] : [9, 10, 11]).toContain(requests.get('redis.example'))
      expect(sum + ofMigrations + ofOneChannel, JSON.stringify([...requests])).toBeLessThanOrEqual(allowed)
    },
  )

  it('permits no longer time than these', () => {
    const longer = { CELERY_TIMEOUT_MS: '20001', HEALTH_TIMEOUT_MS: '24000', HEALTH_DEADLINE_MS: '25000' }
    const { mistakes } = readConfig(longer)
    expect(mistakes.map(({ sentence }) => sentence)).toContainEqual(
      expect.stringContaining('CELERY_TIMEOUT_MS'),
    )
  })
})
