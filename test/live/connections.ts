import type { PostgresConnection } from '../../src/clients/postgres.ts'
import type { RedisConnection } from '../../src/clients/redis.ts'

export type Environment = Readonly<Record<string, string | undefined>>

const required = [
  'LIVE_DATABASE_URL',
  'LIVE_REDIS_REST_URL',
  'LIVE_REDIS_REST_TOKEN',
  'LIVE_REDIS_URL',
] as const

export const missingVariables = (environment: Environment): string[] =>
  required.filter((name) => !environment[name]?.trim())

/** What the suite asks; docs/live.md explains the variables. */
export interface Connections {
  readonly postgres: PostgresConnection
  readonly redis: RedisConnection
  /** A token that may only read. */
  readonly readOnlyToken: string | undefined
  /** The same Redis over TCP: a subscriber of a channel needs a connection that stays. */
  readonly redisUrl: string
  /** Where a compute can be suspended. */
  readonly neon: { readonly api: string; readonly key: string; readonly project: string } | undefined
}

export function connectionsOf(environment: Environment): Connections {
  const value = (name: string) => environment[name]?.trim() || undefined
  const endpoint = value('LIVE_DATABASE_HTTP_ENDPOINT')
  const [key, project] = [value('LIVE_NEON_API_KEY'), value('LIVE_NEON_PROJECT_ID')]
  const api = value('LIVE_NEON_API') ?? 'https://console.neon.tech/api/v2'
  return {
    postgres: { url: value('LIVE_DATABASE_URL') ?? '', ...(endpoint && { endpoint }) },
    redis: { url: value('LIVE_REDIS_REST_URL') ?? '', token: value('LIVE_REDIS_REST_TOKEN') ?? '' },
    readOnlyToken: value('LIVE_REDIS_REST_READ_ONLY_TOKEN'),
    redisUrl: value('LIVE_REDIS_URL') ?? '',
    neon: key && project ? { api, key, project } : undefined,
  }
}
