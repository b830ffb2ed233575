import { Redis } from 'ioredis'
import pg from 'pg'
import { type CeleryProcess, startWorker } from '../servers/celery.ts'
import { until } from '../servers/process.ts'
import { type Certificate, makeCertificate, startTlsFront, type TlsFront } from '../servers/tls.ts'
import type { Planted } from '../support/leaks.ts'
import { migrateExample } from '../support/migrate.ts'
import { startStack, type TestStack } from '../support/stack.ts'

/** All that a health check depends on, each part real and each able to break. */
export interface House extends TestStack {
  readonly workers: readonly CeleryProcess[]
  /** `https://localhost` in front of the two endpoints. */
  readonly sqlTls: TlsFront
  readonly redisTls: TlsFront
  /** The certificate that the function accepts. */
  readonly trusted: Certificate
  readonly untrusted: Certificate
  /** Everything that may not be in an answer or a log line. */
  readonly planted: readonly Planted[]
  /** A connection that stays when others are refused. */
  openPostgres(): Promise<pg.Client>
  openRedis(): Promise<Redis>
  /** Starts the workers that are dead and waits until all listen; one that never comes back is started again. */
  employ(): Promise<void>
}

const workerNames = ['w1@test', 'w2@test', 'w3@test']

export async function openHouse(): Promise<House> {
  const stack = await startStack()
  const [trusted, untrusted] = [makeCertificate(), makeCertificate()]
  const [sqlTls, redisTls] = await Promise.all([
    startTlsFront(stack.sqlProxy.url, trusted),
    startTlsFront(stack.redisProxy.url, trusted),
    migrateExample(stack.postgres.url()),
  ])
  const start = (name: string) => startWorker({ redisUrl: stack.redis.url, name })
  const workers = workerNames.map(start)
  await Promise.all(workers.map((worker) => worker.ready()))

  /** Whether every worker waits for tasks and for control messages, each on a connection of its own. */
  async function allListen(): Promise<boolean> {
    const lines = String(await stack.redis.command('CLIENT', 'LIST')).split('\n')
    const count = (what: RegExp) => lines.filter((line) => what.test(line)).length
    return count(/ psub=1 /) === workers.length && count(/ flags=\w*b\w* /) === workers.length
  }

  /** Celery sometimes never subscribes again after its Redis was gone (https://github.com/celery/celery/issues/8030). */
  async function employ(): Promise<void> {
    const all = () => until('all workers listen', allListen, 8000)
    const dead = workers.flatMap((worker, index) => (worker.hasEnded() ? [index] : []))
    await restart(dead)
    await all().catch(async () => {
      await restart(workers.map((_, index) => index))
      await all()
    })
  }

  async function restart(which: readonly number[]): Promise<void> {
    for (const index of which) {
      await workers[index]?.kill9()
      workers[index] = start(workerNames[index] as string)
    }
    await Promise.all(which.map((index) => workers[index]?.ready()))
  }

  return {
    ...stack,
    workers,
    sqlTls,
    redisTls,
    trusted,
    untrusted,
    planted: [
      { name: 'the password of Postgres', value: stack.postgres.password },
      { name: 'the user of Postgres', value: stack.postgres.user },
      { name: 'the address of Postgres', value: `127.0.0.1:${stack.postgres.port}` },
      { name: 'the SQL endpoint', value: new URL(stack.sqlProxy.url).host },
      { name: 'the Redis endpoint', value: new URL(stack.redisProxy.url).host },
      ...['UPSTASH_REDIS_REST_TOKEN', 'HEALTH_TOKEN'].map((name) => ({
        name,
        value: stack.environment[name] as string,
      })),
    ],
    async openPostgres() {
      const client = new pg.Client({ connectionString: stack.postgres.url() })
      client.on('error', () => {})
      await client.connect()
      return client
    },
    async openRedis() {
      const client = new Redis(stack.redis.url, { lazyConnect: true })
      client.on('error', () => {})
      await client.connect()
      return client
    },
    employ,
    async close() {
      await Promise.all(workers.map((worker) => worker.stop()))
      await Promise.all([sqlTls.close(), redisTls.close()])
      await stack.close()
    },
  }
}
