import * as v from 'valibot'
import { boundedFetch } from '../../src/clients/bounded-fetch.ts'
import type { CheckError } from '../../src/core/check.ts'

/** Where databases are given away for 72 hours, without an account. */
interface InstantServices {
  /** Neon's, as its package get-db asks it (`dist/lib/utils/urls.js` of get-db 0.13.0). */
  readonly postgres: string
  /** Upstash's (https://upstash.com/docs/devops/developer-api/start-redis/create). */
  readonly redis: string
}

export const instantServices: InstantServices = {
  postgres: 'https://pg.new',
  redis: 'https://upstash.com/start-redis',
}

/** How long each request may take, in ms: a database is made meanwhile. */
const timeoutMs = 60_000

/**
 * A Neon database and an Upstash database, both new and empty, as the variables of the live suite.
 *
 * @throws {Error} in one sentence, when a service refuses or answers in another form
 */
export async function instantTargets(services: InstantServices): Promise<Record<string, string>> {
  const [postgres, redis] = await Promise.all([
    instantPostgres(services.postgres),
    instantRedis(services.redis),
  ])
  return { ...postgres, ...redis }
}

const Database = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({ connection_string: v.pipe(v.string(), v.startsWith('postgres')) }),
)

async function instantPostgres(host: string): Promise<Record<string, string>> {
  const url = `${host}/api/v1/database/${crypto.randomUUID()}`
  await ask('Neon', `${url}?referrer=npm%3Aedge-health-check`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ enable_logical_replication: false }),
  })
  const answer = v.safeParse(Database, await ask('Neon', url, { method: 'GET' }))
  if (!answer.success) throw new Error('Neon gave a database without a connection string.')
  return { LIVE_DATABASE_URL: answer.output.connection_string }
}

async function instantRedis(url: string): Promise<Record<string, string>> {
  const headers = { 'Idempotency-Key': crypto.randomUUID(), 'User-Agent': 'edge-health-check' }
  const page = await ask('Upstash', url, { method: 'POST', headers })
  // The answer is Markdown, with one value a line: **Endpoint:** https://….upstash.io
  const readLine = (name: string) => new RegExp(`^\\*\\*${name}:\\*\\*\\s+(\\S+)\\s*$`, 'm').exec(page)?.[1]
  const [endpoint, token] = [readLine('Endpoint'), readLine('Token')]
  if (!endpoint || !token || !URL.canParse(endpoint)) {
    throw new Error('Upstash gave a database without an endpoint and a token.')
  }
  return {
    LIVE_REDIS_REST_URL: endpoint,
    LIVE_REDIS_REST_TOKEN: token,
    LIVE_REDIS_URL: `rediss://default:${encodeURIComponent(token)}@${new URL(endpoint).hostname}:6379`,
  }
}

async function ask(service: string, url: string, request: RequestInit): Promise<string> {
  const asked = boundedFetch(url, { ...request, signal: AbortSignal.timeout(timeoutMs) })
  const { status, text } = await asked.catch((cause: CheckError) => {
    throw new Error(`${service} could not be asked for a database (${cause.code}).`, { cause })
  })
  if (status >= 200 && status < 300) return text
  throw new Error(`${service} refused to give a database: HTTP status ${status}.`)
}
