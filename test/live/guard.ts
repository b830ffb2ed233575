import { Redis } from 'ioredis'
import { createPostgres } from '../../src/clients/postgres.ts'
import { connectionsOf, type Environment, missingVariables } from './connections.ts'

/** Vitest's global set-up of the project `live`: it runs on databases of its own or not at all. */
export default async function setup(): Promise<void> {
  const reason = await refusal(process.env)
  if (reason === undefined) return
  const error = new Error(reason)
  // One sentence for whoever called; where it was thrown is of no use to them.
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

async function refuseKeys(environment: Environment): Promise<string | undefined> {
  const { redisUrl } = connectionsOf(environment)
  const client = new Redis(redisUrl, { lazyConnect: true, retryStrategy: () => null, connectTimeout: 10_000 })
  client.on('error', () => {})
  try {
    await client.connect()
    const count = await client.dbsize()
    if (count === 0) return undefined
    return `npm run test:live refuses LIVE_REDIS_URL: it has ${count} ${count === 1 ? 'key' : 'keys'} that this suite did not make, so give it an empty database.`
  } finally {
    client.disconnect()
  }
}
