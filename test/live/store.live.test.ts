import { Redis } from 'ioredis'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createRedis, redisOverRest } from '../../src/clients/redis.ts'
import type { Result } from '../../src/core/check.ts'
import { systemClock } from '../../src/core/clock.ts'
import { createStore } from '../../src/store/store.ts'
import { sleep } from '../servers/process.ts'
import { connectionsOf } from './connections.ts'

const { redis, redisUrl } = connectionsOf(process.env)
const key = 'edge-health-live:store'
/** Far from here an answer takes longer than the function would wait for it. */
const limitMs = 10_000

let admin: Redis
beforeAll(async () => {
  admin = new Redis(redisUrl)
  await admin.ping()
})
afterAll(async () => {
  const keys = (await admin?.keys(`${key}:*`)) ?? []
  if (keys.length > 0) await admin.del(...keys)
  admin?.disconnect()
})

function isolate() {
  const complaints: string[] = []
  const store = createStore({
    open: redisOverRest(redis),
    clock: systemClock,
    key,
    token: 'a-token-of-the-live-suite',
    checkers: ['redis'],
    configuration: () => 'the same',
    expectedMs: 900_000,
    isMaintenance: () => false,
    complain: (message, reason) => complaints.push(`${message}: ${reason}`),
  })
  return { store, complaints }
}

const request = {
  fresh: false,
  deadlineAt: 0,
  waitUntil: () => {},
  hostname: 'live/here',
  release: 'r1',
}

const resultOf = (status: 'pass' | 'fail', now: number): Result => ({
  checker: 'redis',
  status,
  code: status === 'pass' ? 'ok' : 'unreachable',
  output: status === 'pass' ? 'redis ok' : 'redis cannot be reached',
  details: { note: 'grüße "quoted" \u2028' },
  timestamp: now,
  expires: now + 27_000,
  responseTime: 12.5,
})

describe('the store on a real Redis over REST', () => {
  it('shares a snapshot, signed, byte for byte', async () => {
    const [a, b] = [isolate(), isolate()]
    const result = resultOf('pass', Date.now())
    await a.store.write(request, [result])
    const read = await b.store.read(request, limitMs)
    expect({ result: read?.get('redis'), complaints: [...a.complaints, ...b.complaints] }).toEqual({
      result,
      complaints: [],
    })
  })

  it('gives the lease to one of two who ask at once, and to another one when it has expired', async () => {
    const asked = [isolate(), isolate()]
    const lifeMs = 3000
    const take = () =>
      Promise.all(asked.map(({ store }) => store.takeLease(request, ['redis'], lifeMs, limitMs)))
    expect((await take()).filter(Boolean)).toHaveLength(1)
    await sleep(lifeMs + 500)
    expect((await take()).filter(Boolean)).toHaveLength(1)
  })

  it('keeps the history of what two isolates observed', async () => {
    const [a, b] = [isolate(), isolate()]
    const now = Date.now()
    await a.store.write(request, [resultOf('fail', now - 60_000)])
    await b.store.write(request, [resultOf('pass', now)])
    const history = await isolate().store.history(request, limitMs)
    expect(history?.records.get('redis')?.last).toMatchObject({ status: 'pass', code: 'ok' })
    expect(history?.incidents).toMatchObject([{ check: 'redis', code: 'unreachable', release: 'r1' }])
    expect([...a.complaints, ...b.complaints]).toEqual([])
  })

  it('lets everything expire', async () => {
    const keys = await admin.keys(`${key}:*`)
    expect(keys.toSorted()).toEqual([`${key}:history`, `${key}:lease`, `${key}:snapshot`])
    for (const each of keys) expect(await admin.pttl(each), each).toBeGreaterThan(0)
  })

  it('tells its clock with an answer, by which wrong clocks are understood', async () => {
    const client = createRedis(redis, AbortSignal.timeout(limitMs))
    await client.getrange(`${key}:snapshot`, 0, 0)
    expect(client.servedAt).toBeGreaterThan(1_700_000_000_000)
  })
})
