import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { barOf } from '../../../src/cli/history/bar.ts'
import { redisBackend } from '../../../src/dev/real-redis.ts'
import { startRedisRest } from '../../../src/dev/redis-rest.ts'
import { type CheckRecord, emptyRecord } from '../../../src/history/check-record.ts'
import { encodeHistory } from '../../../src/history/encode.ts'
import { observe } from '../../../src/history/history.ts'
import { dayOf, percent, uptimeOf } from '../../../src/history/uptime.ts'
import { expectedMs, observed } from '../../history/arbitrary.ts'
import { type RedisServer, startRedis } from '../../servers/redis.ts'
import { runBin } from '../run-bin.ts'

const token = 'planted-redis-token'
let redis: RedisServer
let environment: Record<string, string>
let closeRest: () => Promise<void>
beforeAll(async () => {
  redis = await startRedis()
  const rest = await startRedisRest({ backend: redisBackend(redis.url), token })
  closeRest = rest.close
  environment = { UPSTASH_REDIS_REST_URL: rest.url, UPSTASH_REDIS_REST_TOKEN: token }
})
afterAll(async () => {
  await closeRest?.()
  await redis?.close()
})
beforeEach(() => redis.command('FLUSHALL'))

const run = (args: readonly string[], env: Record<string, string> = environment) =>
  runBin(args, { cwd: tmpdir(), env })

describe('edge-health history', () => {
  /** Good, then 20 minutes bad, then good, until now. */
  const write = (key: string) => {
    const now = Date.now()
    const minutes = Array.from({ length: 12 }, (_, index) => index * 10)
    const list = minutes.map((minute) =>
      observed(0, minute >= 40 && minute <= 60 ? 'fail' : 'pass', {
        at: now - (110 - minute) * 60_000,
        release: minute < 40 ? 'r1' : 'r2',
      }),
    )
    return redis.command('SET', key, encodeHistory(observe(new Map(), list, now, expectedMs), expectedMs))
  }

  it('prints incidents with their minutes and releases, and the uptime', async () => {
    await write('edge-health:health-check:history')
    const { exitCode, stdout, stderr } = await run(['history'])
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
    expect(stdout).toMatch(/^check +now +1 d +7 d +30 d +90 d +last 30 days$/m)
    expect(stdout).toMatch(/^database +pass .*72\.72 % +72\.72 %/m)
    expect(stdout).toMatch(
      /^database +\d{4}-\d\d-\d\d \d\d:\d\d +\S+ \S+ +20 +database cannot be reached \(unreachable\) +r2 \(before: r1\)$/m,
    )
  })

  it('reads the keys that HEALTH_STORE_KEY or --key names', async () => {
    await write('shop:history')
    expect((await run(['history', '--key', 'shop'])).exitCode).toBe(0)
    expect(
      (await run(['history'], { ...environment, HEALTH_STORE: 'redis', HEALTH_STORE_KEY: 'shop' })).exitCode,
    ).toBe(0)
    const none = await run(['history'])
    expect(none.exitCode).toBe(1)
    expect(none.stderr).toContain('There is no history at edge-health:health-check:history')
  })

  it('prints numbers as JSON', async () => {
    await write('edge-health:health-check:history')
    const { stdout } = await run(['history', '--json'])
    const { checks, incidents } = JSON.parse(stdout)
    expect(checks.database.days.reduce((sum: number, { fail }: { fail: number }) => sum + fail, 0)).toBe(1800)
    expect(incidents).toMatchObject([
      { check: 'database', code: 'unreachable', releaseBefore: 'r1', release: 'r2' },
    ])
  })

  it('says what is wrong, and no secret', async () => {
    await redis.command('SET', 'edge-health:health-check:history', '[2]')
    expect(await run(['history'])).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('not a history of this version'),
    })
    expect((await run(['history'], {})).exitCode).toBe(2)
    const away = await run(['history'], { ...environment, UPSTASH_REDIS_REST_URL: 'http://127.0.0.1:1' })
    expect(away).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('unreachable') })
    expect(away.stderr).not.toMatch(/127\.0\.0\.1|planted/)
  })
})

describe('uptime', () => {
  const now = 1_795_340_472_531
  const record = (
    ...days: [ago: number, pass: number, fail: number, maintenance?: number][]
  ): CheckRecord => ({
    ...emptyRecord(),
    days: days.map(([ago, pass, fail, maintenance = 0]) => ({
      day: dayOf(now) - ago,
      pass,
      fail,
      warn: 0,
      maintenance,
    })),
  })

  it('is of the known time of the last days, and nothing where nothing is known', () => {
    const known = record([29, 0, 100], [6, 100, 0], [0, 300, 100, 5000])
    expect([1, 7, 30].map((days) => uptimeOf(known, days, now))).toEqual([0.75, 0.8, 400 / 600])
    expect(uptimeOf(record(), 90, now)).toBeUndefined()
  })

  it('is never 100 % where anything failed', () => {
    expect([percent(1), percent(0.999999), percent(0.5), percent(undefined)]).toEqual([
      '100 %',
      '99.99 %',
      '50.00 %',
      '-',
    ])
  })

  it('has a bar of days', () => {
    expect(barOf(record([3, 0, 4000], [2, 10, 10], [0, 10, 0]), 5, now)).toBe('·▁▄·█')
  })
})

describe('edge-health alert --test', () => {
  const setUp = async (status: number) => {
    const bodies: string[] = []
    const server = createServer(async (request, response) => {
      let body = ''
      for await (const chunk of request) body += String(chunk)
      bodies.push(body)
      response.writeHead(status).end('planted-answer')
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => void server.close())
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const channels = {
      HEALTH_STORE: 'redis',
      ALERT_SLACK_URL: `${url}/slack`,
      ALERT_WEBHOOK_URL: `${url}/webhook`,
      ALERT_WEBHOOK_SECRET: 'planted-webhook-secret',
    }
    return { bodies, environment: { ...environment, ...channels } }
  }

  it('sends a message and its end through every channel, and says what each answered', async () => {
    const { bodies, environment: env } = await setUp(200)
    const { exitCode, stdout } = await run(['alert', '--test'], env)
    expect({ exitCode, stdout }).toEqual({
      exitCode: 0,
      stdout: 'slack     took it (status 200)\nwebhook   took it (status 200)\n',
    })
    expect(bodies).toHaveLength(4)
    expect(bodies.filter((body) => body.includes('this is a test message'))).toHaveLength(4)
  })

  it('exits with 1 when a channel refuses it, without the answer or the URL', async () => {
    const { environment: env } = await setUp(403)
    const { exitCode, stdout, stderr } = await run(['alert', '--test'], env)
    expect(exitCode).toBe(1)
    expect(stdout).toMatch(/^slack +refused it with status 403$/m)
    expect(stdout + stderr).not.toMatch(/planted|127\.0\.0\.1/)
  })

  it('needs --test and a channel', async () => {
    expect(await run(['alert'])).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('--test') })
    expect(await run(['alert', '--test'])).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('ALERT_SLACK_URL'),
    })
  })
})
