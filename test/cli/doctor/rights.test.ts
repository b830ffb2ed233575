import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { tryRights } from '../../../src/cli/doctor/rights.ts'
import { readConfig } from '../../../src/config/config.ts'
import { until } from '../../servers/process.ts'
import {
  aclLines,
  grantRedis,
  redisUser,
  roleStatements,
  roleUrl,
  sqlRole,
} from '../../support/least-privilege.ts'
import { migrateExample } from '../../support/migrate.ts'
import { startStack, type TestStack } from '../../support/stack.ts'

let stack: TestStack
let environment: Record<string, string>
beforeAll(async () => {
  stack = await startStack({ redisUser })
  await stack.postgres.createDatabase('app')
  await migrateExample(stack.postgres.url('app'))
  await stack.postgres.query(roleStatements, 'app')
  environment = { ...stack.environment, DATABASE_URL: roleUrl(stack.postgres.port) }
})
afterAll(() => stack?.close())
beforeEach(() => grantRedis(stack.redis))

const missing = async (changes: Record<string, string> = {}) => {
  const rights = await tryRights(readConfig({ ...environment, ...changes }), undefined)
  return Object.fromEntries(
    Object.entries(rights).map(([server, { missing: list, untried }]) => [
      server,
      untried ?? list.map(({ rule }) => rule),
    ]),
  )
}

describe('on Redis', () => {
  it('none is missing with what docs/least-privilege.md grants, and nothing is left behind', async () => {
    expect(await missing()).toEqual({ Postgres: [], Redis: [] })
    const keys = (await stack.redis.command('KEYS', '*')) as string[]
    for (const key of keys) expect(await stack.redis.command('PTTL', key), key).toBeLessThanOrEqual(1000)
    for (const key of keys) expect(await stack.redis.command('PTTL', key), key).not.toBe(-1)
    // What has expired is counted until Redis comes by.
    await until('nothing is left', async () => (await stack.redis.command('DBSIZE')) === 0, 10_000)
  })

  const commands = aclLines()
    .flat()
    .filter((word) => /^\+[a-z]+$/.test(word))

  it('the page grants what is tried here', () => {
    expect(commands.toSorted()).toEqual(
      '+eval +expire +get +lpush +lrange +publish +sadd +srandmember'.split(' '),
    )
  })

  it.each(commands)('the command %s is missed where it is not granted', async (command) => {
    await grantRedis(stack.redis, command)
    const { Redis: rules } = await missing()
    expect(rules?.[0]).toContain(command)
    // Without scripts nothing that they do can be done.
    expect(rules).toHaveLength(command === '+eval' ? 7 : 1)
  })

  it.each([
    ['~_kombu.binding.edge-health.*', '+sadd ~_kombu.binding.edge-health.*'],
    ['~_kombu.binding.celery.pidbox', '+srandmember ~_kombu.binding.celery.pidbox'],
    ['&/0.celery.pidbox', '+publish &/0.celery.pidbox'],
  ])('the right on %s is missed where it is not granted', async (word, rule) => {
    await grantRedis(stack.redis, word)
    expect((await missing())['Redis']).toEqual([rule])
  })

  it('settings need more, and the words that are missed are enough', async () => {
    const changes = {
      HEALTH_STORE: 'redis',
      HEALTH_STORE_KEY: 'shop',
      HEALTH_REDIS_WRITE: 'on',
      CELERY_QUEUES: 'mail',
      CELERY_MAX_BACKLOG: '9',
      CELERY_PROBE: 'both',
      CELERY_HEARTBEAT_KEY: 'beat',
    }
    const rules = (await missing(changes))['Redis'] as string[]
    expect(rules).toEqual([
      '+set ~edge-health:probe',
      '+getrange ~shop:*',
      '+set ~shop:*',
      '+get ~beat',
      '+lindex ~mail',
      ...['mail', 'mail\x06\x163', 'mail\x06\x166', 'mail\x06\x169'].map((list) => `+llen ~${list}`),
    ])
    await stack.redis.command('ACL', 'SETUSER', redisUser.name, ...rules.join(' ').split(' '))
    expect((await missing(changes))['Redis']).toEqual([])
  })

  it('a server that cannot be asked says so', async () => {
    const away = { UPSTASH_REDIS_REST_URL: 'http://127.0.0.1:1' }
    expect(await missing(away)).toEqual({ Postgres: [], Redis: 'unreachable' })
  })

  it('a broker of its own is tried for itself', async () => {
    const broker = {
      CELERY_REDIS_REST_URL: `${environment['UPSTASH_REDIS_REST_URL']}/`,
      CELERY_REDIS_REST_TOKEN: environment['UPSTASH_REDIS_REST_TOKEN'] ?? '',
    }
    await grantRedis(stack.redis, '+lrange')
    expect(await missing(broker)).toEqual({
      Postgres: [],
      Redis: [],
      broker: ['+lrange ~celery.edge-health.*.reply.celery.pidbox'],
    })
  })

  it('checks that do not exist here need nothing', async () => {
    await stack.redis.command('ACL', 'SETUSER', redisUser.name, 'resetkeys', '-@all')
    expect(await missing({ HEALTH_CHECKS: 'database' })).toEqual({})
    expect(await missing({ HEALTH_CHECKS: 'redis' })).toEqual({ Redis: ['+get ~edge-health:probe'] })
  })
})

describe('on Postgres', () => {
  const ledger = 'drizzle.__drizzle_migrations'

  it.each([
    [`revoke select on ${ledger} from ${sqlRole}`, `GRANT SELECT ON ${ledger} TO ${sqlRole}`],
    [`revoke usage on schema drizzle from ${sqlRole}`, `GRANT USAGE ON SCHEMA drizzle TO ${sqlRole}`],
    [`alter table ${ledger} enable row level security`, `ALTER ROLE ${sqlRole} BYPASSRLS`],
  ])('after %s the statement that allows it is printed, and is enough', async (statement, grant) => {
    await stack.postgres.query(statement, 'app')
    expect((await missing())['Postgres']).toEqual([grant])
    await stack.postgres.query(grant, 'app')
    expect((await missing())['Postgres']).toEqual([])
  })
})
