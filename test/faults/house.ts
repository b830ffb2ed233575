import { Redis } from 'ioredis'
import pg from 'pg'
import { type Certificate, makeCertificate, startTlsFront, type TlsFront } from '../servers/tls.ts'
import type { Planted } from '../support/leaks.ts'
import { migrateExample } from '../support/migrate.ts'
import { startStack, type TestStack } from '../support/stack.ts'
import { employ, type Staff } from './staff.ts'

/** All that a health check depends on, each part real and each able to break. */
export interface House extends TestStack {
  readonly staff: Staff
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
}

export async function openHouse(): Promise<House> {
  const stack = await startStack()
  const [trusted, untrusted] = [makeCertificate(), makeCertificate()]
  const [sqlTls, redisTls] = await Promise.all([
    startTlsFront(stack.sqlProxy.url, trusted),
    startTlsFront(stack.redisProxy.url, trusted),
  ])
  const staff = employ(stack.redis)
  async function close() {
    await staff.close()
    await Promise.all([sqlTls.close(), redisTls.close()])
    await stack.close()
  }
  try {
    await Promise.all([migrateExample(stack.postgres.url()), staff.ready()])
  } catch (error) {
    await close()
    throw error
  }
  return {
    ...stack,
    staff,
    sqlTls,
    redisTls,
    trusted,
    untrusted,
    planted: plantedIn(stack),
    async openPostgres() {
      const client = new pg.Client({ connectionString: stack.postgres.url(), connectionTimeoutMillis: 5000 })
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
    close,
  }
}

function plantedIn({ postgres, sqlProxy, redisProxy, environment }: TestStack): Planted[] {
  return [
    { name: 'the password of Postgres', value: postgres.password },
    { name: 'the user of Postgres', value: postgres.user },
    { name: 'the address of Postgres', value: `127.0.0.1:${postgres.port}` },
    { name: 'the SQL endpoint', value: new URL(sqlProxy.url).host },
    { name: 'the Redis endpoint', value: new URL(redisProxy.url).host },
    ...['UPSTASH_REDIS_REST_TOKEN', 'HEALTH_TOKEN'].map((name) => ({
      name,
      value: environment[name] as string,
    })),
  ]
}
