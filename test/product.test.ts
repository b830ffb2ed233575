import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type CeleryProcess, startWorker } from './servers/celery.ts'
import { startWorkerd, type WorkerdServer } from './servers/workerd.ts'
import { migrateExample } from './support/migrate.ts'
import { healthToken, startStack, type TestStack } from './support/stack.ts'
import { unhurried } from './support/unhurried.ts'

interface Answer {
  status: string
  results: { checker: string; status: string; code: string; details?: Record<string, unknown> }[]
}

let stack: TestStack
let celery: CeleryProcess
let worker: WorkerdServer
beforeAll(async () => {
  stack = await startStack()
  celery = startOnlyWorker()
  await Promise.all([migrateExample(stack.postgres.url()), celery.ready()])
  const bindings = { ...stack.environment, ...unhurried, HEALTH_TTL_PASS: '0', HEALTH_TTL_FAIL: '0' }
  worker = await startWorkerd({ entry: 'src/release/worker.ts', bindings })
})
afterAll(async () => {
  await worker?.close()
  await celery?.stop()
  await stack?.close()
})

/** Without its own heartbeat, every command that is counted below is ours. */
const startOnlyWorker = () => startWorker({ redisUrl: stack.redis.url, args: ['--without-heartbeat'] })

async function get(): Promise<Answer> {
  const response = await fetch(`${worker.url}/health-check`, {
    headers: { authorization: `Bearer ${healthToken}` },
  })
  return (await response.json()) as Answer
}
const codes = async () =>
  Object.fromEntries((await get()).results.map(({ checker, code }) => [checker, code]))
const healthy = { database: 'ok', migrations: 'ok', celery: 'ok', redis: 'ok' }

describe('the whole product on real servers', () => {
  it('passes all four checks', async () => {
    expect(await codes()).toEqual(healthy)
  })

  it('sees a column that was dropped by hand, and says which', async () => {
    await stack.postgres.query('alter table organizers drop column website')
    const { results } = await get()
    const migrations = results.find(({ checker }) => checker === 'migrations')
    expect(migrations).toMatchObject({ status: 'fail', code: 'drift' })
    expect(JSON.stringify(migrations?.details)).toContain('public.organizers.website')
    await stack.postgres.query('alter table organizers add column website text')
    expect(await codes()).toEqual(healthy)
  })

  it('sees the newest row missing in the ledger, and a middle one', async () => {
    const rows = await stack.postgres.query('select * from drizzle.__drizzle_migrations order by created_at')
    const restore = async (row: Record<string, unknown> | undefined) =>
      stack.postgres.query(
        `insert into drizzle.__drizzle_migrations (hash, created_at) values ('${row?.['hash']}', ${row?.['created_at']})`,
      )
    const remove = (row: Record<string, unknown> | undefined) =>
      stack.postgres.query(
        `delete from drizzle.__drizzle_migrations where created_at = ${row?.['created_at']}`,
      )
    await remove(rows.at(-1))
    expect(await codes()).toEqual({ ...healthy, migrations: 'pending' })
    await restore(rows.at(-1))
    await remove(rows[2])
    expect(await codes()).toEqual({ ...healthy, migrations: 'out_of_order' })
    expect((await get()).status).toBe('success')
    await restore(rows[2])
    expect(await codes()).toEqual(healthy)
  })

  it('sees a worker frozen, thawed, stopped and started', async () => {
    celery.freeze()
    expect(await codes()).toEqual({ ...healthy, celery: 'no_reply' })
    celery.thaw()
    expect(await codes()).toEqual(healthy)
    await celery.stop()
    expect(await codes()).toEqual({ ...healthy, celery: 'no_workers' })
    celery = startOnlyWorker()
    await celery.ready()
    expect(await codes()).toEqual(healthy)
  })
})

describe('the price of a healthy run', () => {
  /** As in docs/prices.md and in the README. */
  const price = { httpCalls: 5, postgresQueries: 1, postgresBatches: 1, redisCommands: 10 }

  /** What our commands and those inside our scripts come to; each is billed. */
  async function billedCommands(): Promise<number> {
    const stats = String(await stack.redis.command('INFO', 'commandstats'))
    const calls = [...stats.matchAll(/cmdstat_(\w+):calls=(\d+)/g)].map(
      ([, name = '', count]) => [name, Number(count)] as const,
    )
    const ours = ['get', 'eval', 'publish', 'lpush', 'expire', 'sadd', 'lrange', 'srandmember', 'del', 'srem']
    const sum = calls.filter(([name]) => ours.includes(name)).reduce((total, [, count]) => total + count, 0)
    // A worker that answers looks up the reply's binding and pushes once: both are its own commands.
    const answered = calls.find(([name]) => name === 'smembers')?.[1] ?? 0
    return sum - answered
  }

  async function priceOfOneRun(): Promise<typeof price> {
    const before = await billedCommands()
    stack.sqlProxy.clear()
    stack.redisProxy.clear()
    await get()
    const sql = stack.sqlProxy.requests.map(({ body }) => JSON.parse(body) as Record<string, unknown>)
    return {
      httpCalls: sql.length + stack.redisProxy.requests.length,
      postgresQueries: sql.filter((body) => 'query' in body).length,
      postgresBatches: sql.filter((body) => 'queries' in body).length,
      redisCommands: (await billedCommands()) - before,
    }
  }

  it('in HTTP calls, Postgres statements and billed Redis commands is what docs/prices.md says', async () => {
    // On a network the worker has answered before we look for the first time.
    stack.redisProxy.latencyMs = 50
    await get()
    const runs = [await priceOfOneRun()]
    // On a busy machine it may not have, and each further look has its price.
    while (runs.length < 30 && runs.at(-1)?.httpCalls !== price.httpCalls) runs.push(await priceOfOneRun())
    expect(runs.at(-1)).toEqual(price)
    stack.redisProxy.latencyMs = 0
  })
})
