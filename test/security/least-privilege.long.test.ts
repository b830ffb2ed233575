import { readFileSync } from 'node:fs'
import { Redis } from 'ioredis'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import type { ExpectedSchema } from '../../src/checks/migrations/expected-schema.ts'
import type { HttpService } from '../../src/dev/http-service.ts'
import { postgresBackend } from '../../src/dev/postgres-backend.ts'
import { redisBackend } from '../../src/dev/real-redis.ts'
import { startRedisRest } from '../../src/dev/redis-rest.ts'
import { startSqlOverHttp } from '../../src/dev/sql-over-http.ts'
import { createHealth } from '../../src/health.ts'
import { type CeleryProcess, runPython, startWorker } from '../servers/celery.ts'
import { type PostgresServer, startPostgres } from '../servers/postgres.ts'
import { type RedisServer, startRedis } from '../servers/redis.ts'
import { appOf } from '../support/app-of.ts'
import { aclLines, grantRedis, page, password, roleStatements, roleUrl } from '../support/least-privilege.ts'
import { migrateExample } from '../support/migrate.ts'
import { type Deployable, makeDeployable } from '../support/platforms.ts'
import { startAll } from '../support/start-all.ts'
import { unhurried } from '../support/unhurried.ts'

const token = 'planted-redis-token'

let postgres: PostgresServer
let redis: RedisServer
let worker: CeleryProcess
let services: HttpService[]
let deployable: Deployable
let stranger: Redis
let environment: Record<string, string>
beforeAll(async () => {
  ;[postgres, redis, deployable] = await startAll([startPostgres(), startRedis(), makeDeployable()])
  worker = startWorker({ redisUrl: redis.url })
  await postgres.createDatabase('app')
  await Promise.all([migrateExample(postgres.url('app')), worker.ready()])
  await postgres.query(roleStatements, 'app')
  const redisUrl = redis.url.replace('redis://', `redis://health-check:${password}@`)
  services = await startAll([
    // A kept connection would not notice that a right to connect is gone.
    startSqlOverHttp({ backend: postgresBackend(postgres.url(), { keepConnections: false }) }),
    startRedisRest({ backend: redisBackend(redisUrl), token }),
  ])
  // With a stranger on the channel an answer is missing, so the registry of workers is asked too.
  stranger = new Redis(redis.url, { enableReadyCheck: false })
  await stranger.psubscribe('*')
  environment = {
    DATABASE_URL: roleUrl(postgres.port),
    DATABASE_HTTP_ENDPOINT: services[0]?.url ?? '',
    UPSTASH_REDIS_REST_URL: services[1]?.url ?? '',
    UPSTASH_REDIS_REST_TOKEN: token,
    ...unhurried,
  }
})
afterAll(async () => {
  stranger?.disconnect()
  await worker?.stop()
  await Promise.all(services?.map((service) => service.close()) ?? [])
  deployable?.close()
  await Promise.all([postgres?.close(), redis?.close()])
})

async function ask(changes: Record<string, string> = {}) {
  const expected = JSON.parse(readFileSync(deployable.expected, 'utf8')) as ExpectedSchema
  const health = createHealth({ environment: { ...environment, ...changes }, expected, write: () => {} })
  const { results } = await health.check({ hostname: 'here' })
  return Object.fromEntries(results.map(({ checker, code, details }) => [checker, { code, details }]))
}

const codes = async (changes: Record<string, string> = {}) =>
  Object.fromEntries(Object.entries(await ask(changes)).map(([checker, { code }]) => [checker, code]))

const green = { database: 'ok', migrations: 'ok', celery: 'ok', redis: 'ok' }

describe('the SQL role of docs/least-privilege.md', () => {
  const asRole = async (sql: string) => {
    const client = new pg.Client({ connectionString: environment['DATABASE_URL'] ?? '' })
    await client.connect()
    try {
      return await client.query(sql)
    } finally {
      await client.end()
    }
  }

  it('is enough: both checks pass, and find what was dropped', async () => {
    await grantRedis(redis)
    expect(await codes()).toEqual(green)
    await postgres.query('alter table organizers drop column website', 'app')
    expect(await codes()).toEqual({ ...green, migrations: 'drift' })
    await postgres.query('alter table organizers add column website text', 'app')
    expect(await codes()).toEqual(green)
  })

  it('reads no row of the application, and writes nothing', async () => {
    for (const sql of [
      'select * from organizers',
      'insert into drizzle.__drizzle_migrations (hash, created_at) values (1, 1)',
      'delete from drizzle.__drizzle_migrations',
      'create table public.mine (id int)',
      'create schema mine',
      'alter table organizers drop column website',
    ]) {
      await expect(asRole(sql), sql).rejects.toMatchObject({ code: '42501' })
    }
  })

  it.each([
    ['usage on schema drizzle', 'not_compared'],
    ['select on drizzle.__drizzle_migrations', 'not_compared'],
  ])('needs the grant of %s', async (grant, code) => {
    await postgres.query(`revoke ${grant} from health_check`, 'app')
    expect(await codes()).toEqual({ ...green, migrations: code })
    await postgres.query(`grant ${grant} to health_check`, 'app')
  })

  it('needs the grant of connect, where not everybody has it', async () => {
    await postgres.query('revoke connect on database app from public', 'app')
    expect(await codes()).toEqual(green)
    await postgres.query('revoke connect on database app from health_check', 'app')
    expect(await codes()).toMatchObject({ database: 'unauthorized', migrations: 'unauthorized' })
    await postgres.query('grant connect on database app to health_check', 'app')
  })
})

describe('the Redis user of docs/least-privilege.md', () => {
  const asUser = async (...words: string[]) => {
    const client = new Redis(`redis://health-check:${password}@127.0.0.1:${redis.port}`, {
      lazyConnect: true,
      enableReadyCheck: false,
      disableClientInfo: true,
    })
    await client.connect()
    try {
      return await client.call(words[0] as string, ...words.slice(1))
    } finally {
      client.disconnect()
    }
  }

  it('is enough: both checks pass, and nothing is noted', async () => {
    await grantRedis(redis)
    expect(await codes()).toEqual(green)
    expect((await ask())['redis']?.details).toBeUndefined()
  })

  const rules = aclLines().flatMap((words) => words.slice(3).filter((word) => /^[+~&]/.test(word)))
  it.each(rules)('needs %s', async (rule) => {
    await grantRedis(redis, rule)
    const { celery, redis: own } = await ask()
    expect(celery?.code !== 'ok' || own?.details !== undefined).toBe(true)
    await grantRedis(redis)
  })

  it('sends no task, reads none, sees no other key and manages nothing', async () => {
    await grantRedis(redis)
    for (const words of [
      ['LPUSH', 'celery', '{}'],
      ['RPUSH', 'celery', '{}'],
      ['LRANGE', 'celery', '0', '-1'],
      ['GET', 'session:1'],
      ['PUBLISH', 'another', 'x'],
      ['KEYS', '*'],
      ['FLUSHALL'],
      ['CONFIG', 'GET', 'requirepass'],
      ['ACL', 'LIST'],
      ['EVAL', "return redis.call('KEYS', '*')", '0'],
      ['EVAL', "return redis.call('RPUSH', 'celery', '{}')", '0'],
    ]) {
      await expect(asUser(...words), words.join(' ')).rejects.toThrow(/NOPERM|can't|permission/i)
    }
  })

  it('is enough for two workers and for the heartbeat probe', async () => {
    expect(await codes({ CELERY_PROBE: 'heartbeat' })).toMatchObject({ celery: 'no_heartbeat' })
    const now = String(Math.floor(Date.now() / 1000))
    await redis.command('SET', 'edge-health:celery', now, 'EX', '60')
    expect(await codes({ CELERY_PROBE: 'both' })).toEqual(green)
  })

  /** What the table says of a setting, as words, with `<prefix>` and its kin filled in. */
  const furtherRights = (setting: string, value: string): string[] => {
    const row = page.split('\n').find((line) => line.startsWith(`| \`${setting}`)) ?? ''
    const command = row.split('`').find((part) => part.startsWith('ACL SETUSER')) ?? ''
    return command.replace(/<\w+>/g, value).split(' ')
  }
  const named = (settings: Record<string, unknown>) => ({ name: 'named@test', settings })

  it.each([
    { setting: 'HEALTH_REDIS_WRITE', value: 'on', checker: 'redis' },
    { setting: 'CELERY_MAX_BACKLOG', value: '5', more: { CELERY_QUEUES: 'celery' } },
    { setting: 'CELERY_HEARTBEAT_KEY', value: 'beat', more: { CELERY_PROBE: 'heartbeat' } },
    {
      setting: 'CELERY_KEY_PREFIX',
      value: 'shop:',
      more: {},
      celery: named({ broker_transport_options: { global_keyprefix: 'shop:' } }),
    },
    {
      setting: 'CELERY_CONTROL_EXCHANGE',
      value: 'jobs',
      more: {},
      celery: named({ control_exchange: 'jobs' }),
    },
  ])('needs with $setting what the table says', async (further) => {
    const { setting, value, more = {}, checker = 'celery', celery } = further
    await redis.command('SET', 'beat', String(Math.floor(Date.now() / 1000)))
    if (celery) {
      const other = startWorker({ redisUrl: redis.url, ...celery })
      onTestFinished(() => other.stop())
      await other.ready()
    }
    await grantRedis(redis)
    const changes = { ...more, [setting]: value }
    expect(await codes(changes)).toEqual({ ...green, [checker]: 'unauthorized' })
    await redis.command(...furtherRights(setting, value))
    const asked = await ask(changes)
    expect(asked).toMatchObject({ [checker]: { code: 'ok' }, redis: { code: 'ok', details: undefined } })
    await grantRedis(redis)
  })

  it('needs with HEALTH_STORE what the table says, and shares nothing without it', async () => {
    const changes = { HEALTH_STORE: 'redis', HEALTH_CHECKS: 'redis', HEALTH_TOKEN: 'planted-health-token' }
    const complaints = async () => {
      const lines: string[] = []
      const health = createHealth({
        environment: { ...environment, ...changes },
        write: (line) => lines.push(line),
      })
      const background: Promise<unknown>[] = []
      const context = { hostname: 'here', release: '1', arrivedAt: Date.now() }
      const waitUntil = (work: Promise<unknown>) => background.push(work)
      const answer = await appOf(health).request('/health-check', {}, { ...context, waitUntil })
      expect(answer.status).toBe(200)
      await Promise.all(background)
      return lines
    }
    await grantRedis(redis)
    expect(await complaints()).toEqual([expect.stringMatching(/store cannot be asked.*NOPERM/)])
    const rights = furtherRights('HEALTH_STORE', '')
    for (const right of rights.slice(3)) {
      await grantRedis(redis)
      await redis.command(...rights.filter((word) => word !== right))
      expect(await complaints(), right).toHaveLength(1)
    }
    await redis.command(...rights)
    expect(await complaints()).toEqual([])
    expect(await redis.command('EXISTS', 'edge-health:here:snapshot')).toBe(1)
    await grantRedis(redis)
  })

  it('leaves the broker as it was: the workers still answer Celery itself', async () => {
    const code = 'print(json.dumps(app.control.ping(timeout=30, limit=1)))'
    expect(await runPython({ redisUrl: redis.url }, code)).toHaveLength(1)
  })
})
