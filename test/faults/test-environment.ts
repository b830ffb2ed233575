import pg from 'pg'
import type { RedisServer } from '../servers/redis.ts'
import { type Certificate, makeCertificate, startTlsFront, type TlsFront } from '../servers/tls.ts'
import type { Planted } from '../support/leaks.ts'
import {
  grantRedis,
  password,
  redisUser,
  roleStatements,
  roleUrl,
  sqlRole,
} from '../support/least-privilege.ts'
import { migrateExample } from '../support/migrate.ts'
import { startStack, type TestStack } from '../support/stack.ts'
import { startAll } from '../support/start-all.ts'
import { type CeleryWorkers, startCeleryWorkers } from './celery-workers.ts'

/** All that a health check depends on, each part real and each able to break. It asks with the least privilege. */
export interface TestEnvironment extends TestStack {
  readonly workers: CeleryWorkers
  /** `https://localhost` in front of the two endpoints. */
  readonly sqlTls: TlsFront
  readonly redisTls: TlsFront
  /** The certificate that the function accepts. */
  readonly trusted: Certificate
  readonly untrusted: Certificate
  /** Everything that may not be in an answer or a log line. */
  readonly planted: readonly Planted[]
  /** A superuser's connection, which stays when others are refused. */
  openPostgres(): Promise<pg.Client>
}

export async function startTestEnvironment(): Promise<TestEnvironment> {
  // Without a password of its own the default user would answer a client that is refused as another one.
  const stack = await startStack({ redisUser, redis: { requirepass: adminPassword } })
  const [trusted, untrusted] = [makeCertificate(), makeCertificate()]
  const workers = startCeleryWorkers(stack.redis)
  let fronts: [TlsFront, TlsFront] | undefined
  async function close() {
    await workers.close()
    await Promise.all(fronts?.map((front) => front.close()) ?? [])
    await stack.close()
  }
  try {
    fronts = await startAll([
      startTlsFront(stack.sqlProxy.url, trusted),
      startTlsFront(stack.redisProxy.url, trusted),
    ])
    await Promise.all([makeDatabase(stack), grantRedis(stack.redis), workers.ready()])
  } catch (error) {
    await close()
    throw error
  }
  const [sqlTls, redisTls] = fronts
  return {
    ...stack,
    environment: { ...stack.environment, DATABASE_URL: roleUrl(stack.postgres.port) },
    redis: remembering(stack.redis),
    workers,
    sqlTls,
    redisTls,
    trusted,
    untrusted,
    planted: plantedIn(stack),
    async openPostgres() {
      const connectionString = stack.postgres.url(database)
      const client = new pg.Client({ connectionString, connectionTimeoutMillis: 60_000 })
      client.on('error', () => {})
      await client.connect()
      return client
    },
    close,
  }
}

const adminPassword = 'planted-redis-admin'

/** As the statements of docs/least-privilege.md name it. */
const database = 'app'

async function makeDatabase({ postgres }: TestStack): Promise<void> {
  await migrateExample(await postgres.createDatabase(database))
  await postgres.query(roleStatements, database)
}

/** An empty Redis has no users but the default one. */
function remembering(redis: RedisServer): RedisServer {
  return {
    ...redis,
    async start() {
      await redis.start()
      await grantRedis(redis)
    },
  }
}

function plantedIn({ postgres, sqlProxy, redisProxy, environment }: TestStack): Planted[] {
  return [
    { name: 'the password in Postgres and Redis', value: password },
    { name: 'the password of Redis itself', value: adminPassword },
    { name: 'the user of Postgres', value: sqlRole },
    { name: 'the address of Postgres', value: `127.0.0.1:${postgres.port}` },
    { name: 'the SQL endpoint', value: new URL(sqlProxy.url).host },
    { name: 'the Redis endpoint', value: new URL(redisProxy.url).host },
    ...['UPSTASH_REDIS_REST_TOKEN', 'HEALTH_TOKEN'].map((name) => ({
      name,
      value: environment[name] as string,
    })),
  ]
}
