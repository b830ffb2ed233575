/** The store on a real Redis behind the REST API, with isolates that are separate functions in this process. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { play } from '../../src/cli/doctor/play.ts'
import type { Check, Outcome } from '../../src/core/check.ts'
import { redisBackend } from '../../src/dev/real-redis.ts'
import { startRedisRest } from '../../src/dev/redis-rest.ts'
import { createHealth } from '../../src/health.ts'
import { encodeHistory } from '../../src/history/encode.ts'
import { observe } from '../../src/history/history.ts'
import { sign } from '../../src/store/signature.ts'
import { expectedMs, observed } from '../history/arbitrary.ts'
import { type FaultProxy, startFaultProxy } from '../servers/fault-proxy.ts'
import { sleep } from '../servers/process.ts'
import { type RedisServer, startRedis } from '../servers/redis.ts'
import { appOf } from '../support/app-of.ts'
import { stretchLimits } from '../support/stretch-limits.ts'

const token = 'planted-redis-token'
const healthToken = 'planted-health-token'
const snapshotKey = 'edge-health:shop:snapshot'

let redis: RedisServer
let proxy: FaultProxy
let closeRest: () => Promise<void>
beforeAll(async () => {
  redis = await startRedis()
  const rest = await startRedisRest({ backend: redisBackend(redis.url), token })
  closeRest = rest.close
  proxy = await startFaultProxy(rest.url)
  // The first answers of all are slow. With stretched limits one of two seconds would make the clock of Redis look wrong.
  await isolate('warm').ask()
  await isolate('warm').ask()
})
afterAll(async () => {
  await proxy?.close()
  await closeRest?.()
  await redis?.close()
})
let runs: string[] = []
const rebuilds: Outcome = {
  status: 'warn',
  code: 'slow_index',
  output: 'search rebuilds',
  details: { shards: 3 },
}
let outcome = rebuilds
beforeEach(async () => {
  // A store has 300 ms.
  stretchLimits(10)
  await proxy.set(undefined)
  await redis.command('FLUSHALL')
  runs = []
  outcome = rebuilds
  proxy.clear()
})

const commands = () => proxy.requests.map(({ body }) => (JSON.parse(body) as string[])[0]?.toUpperCase())

function isolate(name: string, changes: Record<string, string> = {}) {
  const lines: string[] = []
  const search: Check = {
    name: 'search',
    run() {
      runs.push(name)
      return outcome
    },
  }
  const health = createHealth({
    checks: [search],
    environment: {
      HEALTH_CHECKS: 'search',
      HEALTH_STORE: 'redis',
      HEALTH_TOKEN: healthToken,
      UPSTASH_REDIS_REST_URL: proxy.url,
      UPSTASH_REDIS_REST_TOKEN: token,
      ...changes,
    },
    write: (line) => lines.push(line),
  })
  return {
    lines,
    scheduled: () => health.scheduled({ hostname: 'shop/cron', release: '1', schedule: undefined }),
    async ask(query = '') {
      const background: Promise<unknown>[] = []
      const context = {
        hostname: 'shop/fra',
        release: '1',
        arrivedAt: Date.now(),
        waitUntil: (work: Promise<unknown>) => background.push(work),
      }
      const headers = { authorization: `Bearer ${healthToken}` }
      const answer = await appOf(health).request(`/health-check${query}`, { headers }, context)
      const { results } = (await answer.json()) as { results: object[] }
      // Works that hand over further work do so before they end.
      for (let seen = 0; seen < background.length; ) {
        seen = background.length
        await Promise.all(background)
      }
      return results
    },
  }
}

describe('on a real Redis', () => {
  it('a run costs 3 commands more, an answer from the snapshot 1, with all that the first answer had', async () => {
    const first = await isolate('a').ask()
    // The history is written when something changes, and then at most once in a minute.
    expect(commands()).toEqual(['GETRANGE', 'SET', 'SET', 'GETRANGE', 'SET'])
    proxy.clear()
    expect(await isolate('b').ask()).toEqual(first)
    expect(first).toMatchObject([{ code: 'slow_index', details: { shards: 3 } }])
    expect(commands()).toEqual(['GETRANGE'])
    expect(runs).toEqual(['a'])
  })

  it('a run that finds nothing new within a minute costs 3 commands', async () => {
    const quick = { HEALTH_TTL_PASS: '0.1' }
    await isolate('a', quick).ask()
    await redis.command('DEL', 'edge-health:shop:lease')
    await sleep(150)
    proxy.clear()
    await isolate('b', quick).ask()
    expect(runs).toEqual(['a', 'b'])
    expect(commands()).toEqual(['GETRANGE', 'SET', 'SET'])
  })

  it('costs as many commands as edge-health doctor counts', async () => {
    // Long enough to be asked four times in, also on a busy machine.
    const ttl = { HEALTH_TTL_PASS: '6' }
    const [a, b] = [isolate('a', ttl), isolate('b', ttl)]
    const asked = [a, b, a, b]
    for (const each of asked) await each.ask()
    await redis.command('DEL', 'edge-health:shop:lease')
    await sleep(6100)
    for (const each of asked) await each.ask()
    const at = [0, 0.1, 0.2, 0.3, 1.5, 1.6, 1.7, 1.8]
    const requests = at.map((time, index) => ({ at: time, isolate: index % 2, asks: ['search'] }))
    const played = play(requests, { seconds: 2, ttlSeconds: { search: 1 }, hasStore: true })
    const sent = commands()
    expect(played.store).toEqual({
      reads: sent.filter((name) => name === 'GETRANGE').length,
      writes: sent.filter((name) => name === 'SET').length,
    })
    expect(played.runs.get('search')).toBe(runs.length)
  })

  it('everything expires', async () => {
    await isolate('a').ask()
    const keys = (await redis.command('KEYS', '*')) as string[]
    expect(keys.toSorted()).toEqual(['edge-health:shop:history', 'edge-health:shop:lease', snapshotKey])
    const lives = await Promise.all(keys.map((key) => redis.command('PTTL', key)))
    for (const life of lives) {
      expect(life).toBeGreaterThan(0)
      expect(life).toBeLessThanOrEqual(100 * 86_400_000)
    }
  })

  it('the cron shares too', async () => {
    await isolate('a').scheduled()
    await isolate('b').ask()
    expect(runs).toEqual(['a'])
  })

  it('what failed before is not asked a second time by the cron', async () => {
    outcome = { status: 'fail', code: 'no_index', output: 'search has no index' }
    const at = Date.now() - 60_000
    const before = { check: 'search', at, status: 'fail' as const, code: 'no_index', output: '' }
    const history = observe(new Map(), [observed(0, 'fail', before)], Date.now(), expectedMs)
    await redis.command('SET', 'edge-health:shop:history', encodeHistory(history, expectedMs))
    const { scheduled, lines } = isolate('a')
    await scheduled()
    expect(runs).toEqual(['a'])
    const line = JSON.parse(lines.find((each) => each.includes('cron run')) ?? '{}')
    expect(line).toMatchObject({ status: 'fail', results: [{ code: 'no_index' }] })
    expect(line).not.toHaveProperty('first_answer')
  })

  it('?fresh asks anew, and the others see what it found', async () => {
    await isolate('a').ask()
    const fresh = await isolate('b').ask('?fresh')
    expect(await isolate('c').ask()).toEqual(fresh)
    expect(runs).toEqual(['a', 'b'])
  })

  it.each(['HEALTH_TTL_PASS', 'HEALTH_TTL_FAIL', 'HEALTH_SEARCH_TTL_PASS', 'HEALTH_SLOW_MS'])(
    'results of another %s are absent, and nothing is logged',
    async (variable) => {
      await isolate('a', { [variable]: '60' }).ask()
      await redis.command('DEL', 'edge-health:shop:lease')
      const b = isolate('b', { [variable]: '600' })
      await b.ask()
      expect(runs).toEqual(['a', 'b'])
      expect(b.lines.join()).not.toContain('believed')
    },
  )

  it('with HEALTH_STORE=off nothing is sent', async () => {
    await isolate('a', { HEALTH_STORE: 'off' }).ask()
    await isolate('b', { HEALTH_STORE: '' }).ask()
    expect(runs).toEqual(['a', 'b'])
    expect(commands()).toEqual([])
  })

  it.each([
    ['of another token', () => redis.command('GET', 'edge-health:other:snapshot')],
    ['of 1 MB', () => Promise.resolve('x'.repeat(1_000_000))],
    ['of wrong JSON', () => Promise.resolve('1..["abc",[')],
  ])('a snapshot %s is not believed, is said in the log once, and is replaced', async (_what, make) => {
    await isolate('x', {
      HEALTH_TOKEN: 'another-health-token',
      HEALTH_STORE_KEY: 'edge-health:other',
    }).ask()
    await redis.command('SET', snapshotKey, String(await make()))
    runs = []
    const a = isolate('a')
    await a.ask()
    await isolate('b').ask()
    expect(runs).toEqual(['a'])
    expect(a.lines.filter((line) => /not believed/.test(line))).toHaveLength(1)
  })

  it('a snapshot of yesterday is not believed', async () => {
    await isolate('a').ask()
    const [, , payload = ''] = String(await redis.command('GET', snapshotKey)).split(/^1\.([\w-]*)\./)
    const old = payload.replaceAll(/\d{13}/g, (ms) => String(Number(ms) - 86_400_000))
    const signature = await sign(healthToken, `edge-health snapshot 1\n${snapshotKey}\n${old}`)
    await redis.command('FLUSHALL')
    await redis.command('SET', snapshotKey, `1.${signature}.${old}`)
    const b = isolate('b')
    await b.ask()
    expect(runs).toEqual(['a', 'b'])
    expect(b.lines.join()).not.toMatch(/not believed/)
  })

  it('a key of another type does not make a wrong answer', async () => {
    await redis.command('LPUSH', snapshotKey, 'x')
    const a = isolate('a')
    expect(await a.ask()).toMatchObject([{ code: 'slow_index' }])
    expect(a.lines.join('\n')).toMatch(/store cannot be asked.*WRONGTYPE/)
  })

  it.each([{ kind: 'silence' } as const, { kind: 'refuse' } as const, { kind: 'html' } as const])(
    'with a Redis of $kind the answer is as without one, and no host is in the log',
    async (fault) => {
      const a = isolate('a')
      await proxy.set(fault)
      expect(await a.ask()).toMatchObject([{ code: 'slow_index' }])
      expect(await a.ask('?fresh')).toMatchObject([{ code: 'slow_index' }])
      const complaints = a.lines.filter((line) => line.includes('store cannot be asked'))
      expect(complaints).toHaveLength(1)
      expect(complaints.join()).not.toMatch(/127\.0\.0\.1|planted/)
    },
  )

  it('a store without a Redis is a mistake of the configuration', async () => {
    const results = await isolate('a', { UPSTASH_REDIS_REST_URL: '', UPSTASH_REDIS_REST_TOKEN: '' }).ask()
    expect(results).toMatchObject([{ checker: 'search' }, { checker: 'configuration', status: 'fail' }])
    expect(commands()).toEqual([])
  })
})
