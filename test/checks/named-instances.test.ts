/** Two of everything in one function: two databases with two folders of migrations, two Redis, two Celery applications. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createHealth, type Health } from '../../src/health.ts'
import { celeryCheck, databaseCheck, migrationsCheck, redisCheck } from '../../src/index.ts'
import { nodeTransports } from '../../src/platforms/node/transports.ts'
import { type CeleryProcess, startWorker } from '../servers/celery.ts'
import { type RedisServer, startRedis } from '../servers/redis.ts'
import { unhurried } from '../support/unhurried.ts'
import { type Live, startLive } from './migrations/live.ts'
import { replay, type TestMigrations } from './migrations/replay.ts'

const shop: TestMigrations = { roles: [], files: ['create table orders (id integer primary key, note text)'] }
const billing: TestMigrations = {
  roles: [],
  files: ['create table invoices (id integer primary key)', 'alter table invoices add column total numeric'],
}

let live: Live
let redis: readonly [RedisServer, RedisServer]
let workers: readonly [CeleryProcess, CeleryProcess]
let health: Health
beforeAll(async () => {
  live = await startLive()
  await live.migrate('shop', shop)
  await live.migrate('billing', billing)
  redis = [await startRedis(), await startRedis()]
  workers = [
    startWorker({ redisUrl: redis[0].url, pool: 'solo', name: 'shop@test' }),
    startWorker({ redisUrl: redis[1].url, pool: 'solo', name: 'billing@test' }),
  ]
  await Promise.all(workers.map((worker) => worker.ready()))
  health = createHealth({
    environment: {
      ...unhurried,
      DATABASE_URL: live.server.url('shop'),
      REDIS_URL: redis[0].url,
      HEALTH_BILLING_TTL_PASS: '77',
      HEALTH_BILLING_MIGRATIONS_TTL_PASS: '123',
    },
    transports: nodeTransports,
    expected: (await replay(shop)).expected,
    checks: await billingChecks(),
    write: () => {},
  })
})
afterAll(async () => {
  await Promise.all(workers?.map((worker) => worker.stop()) ?? [])
  await Promise.all(redis?.map((server) => server.close()) ?? [])
  await live?.close()
})

async function billingChecks() {
  const postgres = nodeTransports.postgres?.(live.server.url('billing'))
  const open = nodeTransports.redis?.(redis[1].url)
  if (!postgres || !open) throw new Error('Node has both transports')
  const { expected } = await replay(billing)
  return [
    databaseCheck({ name: 'billing', postgres }),
    migrationsCheck({ name: 'billing-migrations', expected, postgres, dependsOn: 'billing' }),
    redisCheck({ name: 'jobs-redis', redis: open }),
    celeryCheck({ name: 'jobs', redis: open, dependsOn: 'jobs-redis', timeoutMs: 5000 }),
  ]
}

const run = async () => (await health.check({ hostname: 'here' })).results
const codes = async () => Object.fromEntries((await run()).map(({ checker, code }) => [checker, code]))
const green = {
  database: 'ok',
  migrations: 'ok',
  celery: 'ok',
  redis: 'ok',
  billing: 'ok',
  'billing-migrations': 'ok',
  'jobs-redis': 'ok',
  jobs: 'ok',
}

describe('two of everything in one function', () => {
  it('are green, each with its own sentence, details and time to live', async () => {
    expect(await codes()).toEqual(green)
    const results = await run()
    const find = (name: string) => results.find(({ checker }) => checker === name)
    expect(results.map(({ output }) => output)).toEqual([
      'database ok',
      'database up to date with migrations',
      'celery ok',
      'redis ok',
      'billing ok',
      'billing-migrations: database up to date with migrations',
      'jobs-redis ok',
      'jobs ok',
    ])
    expect(find('celery')?.details).toMatchObject({ workers: [{ name: 'shop@test' }] })
    expect(find('jobs')?.details).toMatchObject({ workers: [{ name: 'billing@test' }] })
    const ttl = (name: string) => {
      const result = find(name)
      return result && Math.round((result.expires - result.timestamp) / 1000)
    }
    expect([ttl('billing'), ttl('billing-migrations')]).toEqual([77, 123])
    expect(ttl('jobs')).toBe(ttl('celery'))
  })

  it('fail apart: what happens to one database says nothing of the other', async () => {
    await live.sql('billing', 'alter table invoices drop column total')
    expect(await codes()).toEqual({ ...green, 'billing-migrations': 'drift' })
    await live.sql('billing', 'alter table invoices add column total numeric')
    await live.sql('shop', 'alter table orders drop column note')
    expect(await codes()).toEqual({ ...green, migrations: 'drift' })
    await live.sql('shop', 'alter table orders add column note text')
    expect(await codes()).toEqual(green)
  })

  it('depend each on their own: a Redis that is gone is reported once, for its own checks', async () => {
    await redis[1].stop()
    const results = (await run()).filter(({ code }) => code !== 'ok')
    await redis[1].start()
    expect(results.map(({ checker, code, causedBy }) => [checker, code, causedBy])).toEqual([
      ['jobs-redis', 'unreachable', undefined],
      ['jobs', 'unreachable', 'jobs-redis'],
    ])
    expect(results.map(({ output }) => output)).toEqual([
      'jobs-redis cannot be reached',
      'jobs cannot be reached',
    ])
  })

  it('say which they are when workers are gone', async () => {
    await workers[1].stop()
    const jobs = (await run()).find(({ checker }) => checker === 'jobs')
    expect(jobs).toMatchObject({ status: 'fail', output: 'jobs: no Celery workers are subscribed' })
  })
})
