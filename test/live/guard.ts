import { Redis as RestRedis } from '@upstash/redis'
import { Redis } from 'ioredis'
import { createPostgres } from '../../src/clients/postgres.ts'
import { createRedis } from '../../src/clients/redis.ts'
import { until } from '../servers/process.ts'
import { connectionsOf, type Environment, missingVariables } from './connections.ts'

/** Vitest's global set-up of the project `live`: it runs on databases of its own or not at all. */
export default async function setup(): Promise<void> {
  const reason = await refusal(process.env)
  if (reason === undefined) return
  const error = new Error(reason)
  // One sentence for the caller. Where it was thrown does not help.
  error.stack = reason
  throw error
}

/** Why the suite must not run here, in one sentence without a secret; undefined when it may. */
export async function refusal(environment: Environment): Promise<string | undefined> {
  const missing = missingVariables(environment)
  if (missing.length > 0) return `npm run test:live needs ${missing.join(', ')}: see docs/live.md.`
  try {
    return (await refuseTables(environment)) ?? (await refuseKeys(environment))
  } catch (error) {
    const code = (error as { code?: string }).code ?? 'unreachable'
    return `npm run test:live could not look at what it was given (${code}): check the LIVE_ variables.`
  }
}

const foreignTables = `select count(*)::int as count from pg_catalog.pg_class c
  join pg_catalog.pg_namespace n on n.oid = c.relnamespace
  where c.relkind in ('r', 'p', 'v', 'm', 'f') and n.nspname !~ '^pg_'
    and n.nspname not in ('information_schema', 'neon', 'neon_migration')`

async function refuseTables(environment: Environment): Promise<string | undefined> {
  const { postgres } = connectionsOf(environment)
  const [row] = await createPostgres(postgres, AbortSignal.timeout(20_000)).query({ text: foreignTables })
  const count = Number(row?.['count'])
  if (count === 0) return undefined
  return `npm run test:live refuses LIVE_DATABASE_URL: it has ${count} ${count === 1 ? 'table' : 'tables'} that this suite did not make, so give it an empty database.`
}

/** The suite writes over REST and listens over TCP: both have to be the same database, and empty. */
async function refuseKeys(environment: Environment): Promise<string | undefined> {
  const { redis, redisUrl } = connectionsOf(environment)
  const rest = createRedis(redis, AbortSignal.timeout(20_000))
  const tcp = new Redis(redisUrl, { lazyConnect: true, retryStrategy: () => null, connectTimeout: 10_000 })
  tcp.on('error', () => {})
  try {
    await tcp.connect()
    return (
      hasKeys('LIVE_REDIS_URL', await tcp.dbsize()) ??
      hasKeys('LIVE_REDIS_REST_URL', await new RestRedis({ ...redis, retry: false }).dbsize()) ??
      (await refuseTwo(tcp, rest))
    )
  } finally {
    tcp.disconnect()
  }
}

function hasKeys(variable: string, count: number): string | undefined {
  if (count === 0) return undefined
  return `npm run test:live refuses ${variable}: it has ${count} ${count === 1 ? 'key' : 'keys'} that this suite did not make, so give it an empty database.`
}

/** What is written over TCP must be read over REST. */
async function refuseTwo(tcp: Redis, rest: Pick<ReturnType<typeof createRedis>, 'get'>) {
  const [key, nonce] = [`edge-health-live:${crypto.randomUUID()}`, crypto.randomUUID()]
  try {
    await tcp.set(key, nonce, 'EX', 60)
    const isThere = async () => (await rest.get(key)) === nonce
    // REST may read from a replica, which hears of it later (https://upstash.com/docs/redis/features/consistency).
    if (await until('the nonce', isThere, 3000).catch(() => false)) return undefined
    return 'npm run test:live refuses LIVE_REDIS_URL: it is another database than LIVE_REDIS_REST_URL, so give it the TCP URL of the same one.'
  } finally {
    await tcp.del(key)
  }
}
