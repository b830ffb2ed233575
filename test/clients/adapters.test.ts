/** What an application hands over, asked by the checks as the function's own clients are. */

import { PGlite } from '@electric-sql/pglite'
import { neon, neonConfig } from '@neondatabase/serverless'
import { drizzle as neonDrizzle } from 'drizzle-orm/neon-http'
import { drizzle as pgDrizzle } from 'drizzle-orm/node-postgres'
import { drizzle as pgliteDrizzle } from 'drizzle-orm/pglite'
import { drizzle as postgresJsDrizzle } from 'drizzle-orm/postgres-js'
import { Redis } from 'ioredis'
import pg from 'pg'
import postgresJs from 'postgres'
import { createClient } from 'redis'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { celeryCheck } from '../../src/checks/celery/check.ts'
import { databaseCheck } from '../../src/checks/database.ts'
import { migrationsCheck } from '../../src/checks/migrations/check.ts'
import type { ExpectedSchema } from '../../src/checks/migrations/expected-schema.ts'
import { redisCheck } from '../../src/checks/redis.ts'
import { inlineValues } from '../../src/clients/adapters/inline-values.ts'
import type { OpenPostgres, OpenRedis } from '../../src/clients/interfaces.ts'
import { fromDrizzle, fromIoredis, fromNodeRedis, fromPg, fromPostgresJs } from '../../src/index.ts'
import { type Live, run, startLive } from '../checks/migrations/live.ts'
import { findingsOf } from '../checks/migrations/mutation-suite.ts'
import { replay } from '../checks/migrations/replay.ts'
import { ticketing } from '../checks/migrations/ticketing.ts'
import { until } from '../servers/process.ts'
import { type RedisServer, startRedis } from '../servers/redis.ts'
import { ask } from '../support/ask.ts'
import { inRun } from '../support/in-run.ts'

const { fetchEndpoint: theirEndpoint } = neonConfig
let live: Live
let expected: ExpectedSchema
let pool: pg.Pool
let client: pg.Client
let sql: ReturnType<typeof postgresJs>
let postgresOf: Record<string, OpenPostgres>
beforeAll(async () => {
  expected = (await replay(ticketing)).expected
  live = await startLive()
  await live.migrate('app', ticketing)
  const url = live.server.url('app')
  pool = new pg.Pool({ connectionString: url, max: 2 })
  pool.on('error', () => {})
  client = new pg.Client(url)
  client.on('error', () => {})
  await client.connect()
  sql = postgresJs(url, { max: 2, onnotice: () => {} })
  const { url: httpUrl, endpoint = '' } = live.connection('app')
  neonConfig.fetchEndpoint = endpoint
  const drizzle1 = await import('../drizzle-1/databases.ts')
  postgresOf = {
    'pg.Pool': fromPg(pool),
    'postgres.js': fromPostgresJs(sql),
    'drizzle 0.45 on a pg.Pool': fromDrizzle(pgDrizzle(pool)),
    'drizzle 0.45 on a pg.Client': fromDrizzle(pgDrizzle(client)),
    'drizzle 0.45 on postgres.js': fromDrizzle(postgresJsDrizzle(sql)),
    'drizzle 0.45 on neon-http': fromDrizzle(neonDrizzle(neon(httpUrl))),
    'drizzle 1.0 on a pg.Pool': fromDrizzle(drizzle1.onPool(pool)),
    'drizzle 1.0 on a pg.Client': fromDrizzle(drizzle1.onClient(client)),
    'drizzle 1.0 on postgres.js': fromDrizzle(drizzle1.onPostgresJs(sql)),
    'drizzle 1.0 on neon-http': fromDrizzle(drizzle1.onNeonHttp(neon(httpUrl))),
  }
})
afterAll(async () => {
  neonConfig.fetchEndpoint = theirEndpoint
  await pool?.end()
  await client?.end()
  await sql?.end({ timeout: 1 })
  await live?.close()
})

const names = [
  'pg.Pool',
  'postgres.js',
  ...['0.45', '1.0'].flatMap((version) =>
    ['a pg.Pool', 'a pg.Client', 'postgres.js', 'neon-http'].map(
      (driver) => `drizzle ${version} on ${driver}`,
    ),
  ),
]
const open = (name: string) => postgresOf[name] as OpenPostgres

describe.each(names)('%s', (name) => {
  it('is asked by the database check', async () => {
    const result = await ask(databaseCheck({ postgres: open(name) }))
    expect(result).toMatchObject({ code: 'ok', details: { server_version: expect.stringMatching(/^17\./) } })
  })

  it('is asked by the migrations check, in sync and after a drift', async () => {
    const check = migrationsCheck({ postgres: open(name), expected })
    expect(await run(check)).toMatchObject({ code: 'ok' })
    await live.sql('app', 'alter table orders drop column note')
    const drifted = await run(check)
    await live.sql('app', 'alter table orders add column note text')
    expect(drifted).toMatchObject({ code: 'drift' })
    expect(findingsOf(drifted)).toMatchObject([{ object: 'public.orders.note', difference: 'missing' }])
  })

  it('reads in a transaction that may not write, and tells what Postgres said', async () => {
    const shown = ['transaction_read_only', 'transaction_isolation'].map((setting) => ({
      text: `show ${setting}`,
    }))
    expect(await inRun((signal) => open(name)(signal).readOnlyBatch(shown))).toEqual([
      [{ transaction_read_only: 'on' }],
      [{ transaction_isolation: 'read committed' }],
    ])
    const writing = inRun((signal) => open(name)(signal).readOnlyBatch([{ text: 'create table written ()' }]))
    await expect(writing).rejects.toMatchObject({ code: 'error', sqlstate: '25006' })
    const statement = { text: 'select $1::int as given', values: [7] }
    expect(await inRun((signal) => open(name)(signal).query(statement))).toEqual([{ given: 7 }])
  })

  it('is a timeout while the server is frozen, and is asked again afterwards', async () => {
    const check = databaseCheck({ postgres: open(name) })
    live.server.freeze()
    const frozen = await ask(check, 400).finally(() => live.server.thaw())
    expect(frozen).toMatchObject({ code: 'timeout' })
    await until('it answers again', async () => (await ask(check)).code === 'ok')
  })
})

it('drizzle on PGlite is asked by the database check', async () => {
  const database = new PGlite()
  const result = await ask(databaseCheck({ postgres: fromDrizzle(pgliteDrizzle(database)) }), 20_000)
  expect(result).toMatchObject({ code: 'ok' })
  await database.close()
})

it('a pool gets back what was taken, and never a connection with something under way', async () => {
  const controller = new AbortController()
  const asking = fromPg(pool)(controller.signal).query({ text: 'select pg_sleep(600)' })
  // Not only taken: while the pool opens it, it counts too.
  const running = "select from pg_stat_activity where query = 'select pg_sleep(600)' and state = 'active'"
  await until('the query runs', async () => (await client.query(running)).rows.length === 1)
  controller.abort()
  await expect(asking).rejects.toMatchObject({ code: 'timeout' })
  expect(pool.totalCount - pool.idleCount).toBe(0)
  const held = [await pool.connect(), await pool.connect()]
  expect(await ask(databaseCheck({ postgres: fromPg(pool) }), 300)).toMatchObject({ code: 'timeout' })
  for (const each of held) each.release()
  await until('all are given back', () => pool.idleCount === pool.totalCount && pool.waitingCount === 0)
})

it.each([
  ["it's \\ and 'more'", "select E'it''s \\\\ and ''more''' as word"],
  [-1.5, 'select -1.5 as word'],
  [null, 'select null as word'],
])('a value %j is written into the text as Postgres reads it', (value, text) => {
  expect(inlineValues({ text: 'select $1 as word', values: [value] })).toBe(text)
})

describe('Redis', () => {
  let server: RedisServer
  let ioredis: Redis
  let nodeRedis: ReturnType<typeof createClient>
  let redisOf: Record<string, OpenRedis>
  beforeAll(async () => {
    server = await startRedis()
    ioredis = new Redis(server.url, { maxRetriesPerRequest: null })
    ioredis.on('error', () => {})
    nodeRedis = createClient({ url: server.url })
    nodeRedis.on('error', () => {})
    await nodeRedis.connect()
    redisOf = { ioredis: fromIoredis(ioredis), 'node-redis': fromNodeRedis(nodeRedis) }
  })
  afterAll(async () => {
    ioredis?.disconnect()
    nodeRedis?.destroy()
    await server?.close()
  })

  it('an ioredis client that puts a prefix before keys asks no workers, who would answer without it', async () => {
    const prefixing = new Redis(server.url, { keyPrefix: 'shop:' })
    const redis = fromIoredis(prefixing)
    await server.command('SADD', '_kombu.binding.celery.pidbox', '\x06\x16\x06\x16w1@test.celery.pidbox')
    expect(await ask(celeryCheck({ redis }))).toMatchObject({ code: 'not_configured' })
    expect(await ask(redisCheck({ redis }))).toMatchObject({ code: 'ok' })
    expect(await server.command('KEYS', '*edge-health*')).toEqual([])
    prefixing.disconnect()
  })

  describe.each(['ioredis', 'node-redis'])('%s', (name) => {
    const openRedis = () => redisOf[name] as OpenRedis

    it('is asked by the redis check, also where it writes', async () => {
      expect(await ask(redisCheck({ redis: openRedis() }))).toMatchObject({ code: 'ok' })
      expect(await ask(redisCheck({ redis: openRedis(), write: true }))).toMatchObject({ code: 'ok' })
    })

    it('answers a script what Redis answers, and tells what Redis refuses', async () => {
      const redis = openRedis()(new AbortController().signal)
      expect(await redis.eval('return {KEYS[1], ARGV[1], 7}', ['key'], ['word'])).toEqual(['key', 'word', 7])
      await server.command('SADD', 'set', 'x')
      await expect(redis.get('set')).rejects.toMatchObject({ code: 'error', reply: 'WRONGTYPE' })
    })

    it('is a timeout while the server is frozen, and is asked again afterwards', async () => {
      server.freeze()
      const frozen = await ask(redisCheck({ redis: openRedis() }), 400).finally(() => server.thaw())
      expect(frozen).toMatchObject({ code: 'timeout' })
      await until(
        'it answers again',
        async () => (await ask(redisCheck({ redis: openRedis() }))).code === 'ok',
      )
    })
  })

  it.each<[string, () => { redis: OpenRedis; end: () => void }]>([
    [
      'ioredis',
      () => {
        const client = new Redis('redis://127.0.0.1:1', { maxRetriesPerRequest: 1 })
        client.on('error', () => {})
        return { redis: fromIoredis(client), end: () => client.disconnect() }
      },
    ],
    [
      'node-redis',
      () => {
        const client = createClient({ url: 'redis://127.0.0.1:1', disableOfflineQueue: true })
        client.on('error', () => {})
        client.connect().catch(() => {})
        return { redis: fromNodeRedis(client), end: () => client.destroy() }
      },
    ],
  ])('%s that has no connection is unreachable', async (_, open) => {
    const { redis, end } = open()
    expect(await ask(redisCheck({ redis }))).toMatchObject({
      code: 'unreachable',
      details: { reason: 'the client of the application has no connection' },
    })
    end()
  })
})
