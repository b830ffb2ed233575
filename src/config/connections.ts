import type { PostgresConnection } from '../clients/postgres.ts'
import type { RedisConnection } from '../clients/redis.ts'
import { type Environment, type Reader, textOf } from './reader.ts'
import { similarVariable } from './similar.ts'
import {
  databaseInUrl,
  expectedPostgresUrl,
  httpUrl,
  postgresUrl,
  redisRestUrl,
  redisUrl,
  serviceToken,
} from './values.ts'
import { databaseVariables, type SecretVariable } from './variables.ts'

/** Where Neon's databases live; for these the driver's own endpoint is the right one. */
const neonDomain = /\.neon\.(tech|build)$/i

/** Where Vercel's databases were until they moved to Neon, in 2024 and 2025. */
const formerVercelDomain = /\.vercel-storage\.com$/i

const check = 'database'

/** What can be asked over TCP where the function runs; without it over HTTP alone. */
export interface AvailableTransports {
  readonly postgres?: boolean
  readonly redis?: boolean
}

interface WithVariable {
  /** The variable with the login. */
  readonly variable: SecretVariable
}

/** How Redis is asked. */
export type ConfiguredRedis = WithVariable &
  (({ readonly transport: 'rest' } & RedisConnection) | { readonly transport: 'tcp'; readonly url: string })

/** How Postgres is asked. */
export interface ConfiguredPostgres extends PostgresConnection, WithVariable {
  readonly transport: 'http' | 'tcp'
}

const isSet = (environment: Environment, variable: string) => textOf(environment[variable]) !== undefined

/**
 * The first connection string that is set, in the order of {@link databaseVariables}, and DATABASE_HTTP_ENDPOINT where
 * the host is not Neon's and there are no sockets. A wrong string is a mistake: the next name is not tried, as it may be another database.
 */
export function readPostgres(
  reader: Reader,
  environment: Environment,
  { postgres: hasTcp = false }: AvailableTransports = {},
): ConfiguredPostgres | undefined {
  const variable = databaseVariables.find((name) => isSet(environment, name)) ?? 'DATABASE_URL'
  const url = reader.read(variable, postgresUrl, check)
  const endpoint = reader.read('DATABASE_HTTP_ENDPOINT', httpUrl, check)
  if (url === undefined) {
    if (!reader.isWrong(variable)) reader.wrong(variable, missingPostgres(environment), check)
    return undefined
  }
  if (endpoint !== undefined) return { transport: 'http', variable, url, endpoint }
  if (isSet(environment, 'DATABASE_HTTP_ENDPOINT')) return undefined
  const { hostname } = new URL(url)
  if (neonDomain.test(hostname)) return { transport: 'http', variable, url }
  if (hasTcp && !formerVercelDomain.test(hostname)) return { transport: 'tcp', variable, url }
  // The driver would post the connection string, password and all, to api.<rest of the host>.
  const expected = formerVercelDomain.test(hostname)
    ? "expected Neon's own host: Vercel Postgres has moved to Neon, so copy the connection string from Neon's console, found a host of Vercel"
    : 'expected a host of Neon, or DATABASE_HTTP_ENDPOINT with the SQL-over-HTTP URL of this database, found a host of another provider'
  reader.wrong(variable, expected, check)
  return undefined
}

function missingPostgres(environment: Environment): string {
  const endings = ['DATABASE_URL', 'POSTGRES_URL', 'URL', '']
  const similar = similarVariable(environment, endings, /^\s*["'`]?postgres(ql)?:\/\//i)
  return `${expectedPostgresUrl}, found nothing${similar ? `, but one in ${similar}: set DATABASE_URL to the same` : ''}`
}

const redisPairs = [
  ['UPSTASH_REDIS_REST_URL', 'UPSTASH_REDIS_REST_TOKEN'],
  ['KV_REST_API_URL', 'KV_REST_API_TOKEN'],
] as const

/** The Redis of the application: over REST where one of the pairs is set, else over TCP where there are sockets. */
export function readApplicationRedis(
  reader: Reader,
  environment: Environment,
  { redis: hasTcp = false }: AvailableTransports = {},
): ConfiguredRedis | undefined {
  const redis =
    readRedis(reader, environment, redisPairs, 'redis') ??
    (redisPairs.flat().some((name) => isSet(environment, name)) || !hasTcp
      ? undefined
      : readRedisUrl(reader, 'REDIS_URL', 'redis'))
  if (!redis && !([...redisPairs.flat(), 'REDIS_URL'] as const).some((name) => reader.isWrong(name))) {
    reader.wrong('UPSTASH_REDIS_REST_URL', missingRedis(environment), 'redis')
  }
  return redis
}

function missingRedis(environment: Environment): string {
  const expected = "expected the database's REST URL, found nothing"
  const rest = similarVariable(environment, ['REST_API_URL', 'REDIS_REST_URL'], /^\s*["'`]?https:\/\//i)
  if (rest !== undefined) {
    return `${expected}, but one in ${rest}: set UPSTASH_REDIS_REST_URL and UPSTASH_REDIS_REST_TOKEN to the same as ${rest} and its token`
  }
  const tcp = similarVariable(environment, ['URL'], /^\s*["'`]?rediss?:\/\//i)
  if (tcp === undefined) return expected
  return `${expected}, but a redis:// URL in ${tcp}, which is for TCP clients: the console shows the REST URL under REST API`
}

/**
 * The first pair of which at least one is set, taken whole: a URL is never used with the token of another pair.
 *
 * @param pairs names of the URL and the token
 * @param check the check that needs it
 */
export function readRedis(
  reader: Reader,
  environment: Environment,
  pairs: readonly (readonly [url: SecretVariable, token: SecretVariable])[],
  check: string,
): ConfiguredRedis | undefined {
  const pair = pairs.find((names) => names.some((name) => isSet(environment, name)))
  if (!pair) return undefined
  const [urlName, tokenName] = pair
  const url = reader.read(urlName, redisRestUrl, check)
  const secret = reader.read(tokenName, serviceToken, check)
  if (!isSet(environment, urlName))
    reader.wrong(urlName, `expected beside ${tokenName}, found nothing`, check)
  if (!isSet(environment, tokenName)) {
    const readOnly = similarVariable(environment, [urlName.replace('URL', 'READ_ONLY_TOKEN')], /./)
    const found = readOnly ? `only ${readOnly}, with which Celery's workers cannot be asked` : 'nothing'
    reader.wrong(tokenName, `expected beside ${urlName}, found ${found}`, check)
  }
  if (url === undefined || secret === undefined) return undefined
  return { transport: 'rest', variable: tokenName, url, token: secret }
}

/** The number of the database that a connection uses; REST knows 0 alone. */
export const databaseNumber = (redis: ConfiguredRedis): number =>
  redis.transport === 'tcp' ? databaseInUrl(redis.url) : 0

/** A Redis over TCP, where there are sockets. */
export function readRedisUrl(
  reader: Reader,
  variable: 'REDIS_URL' | 'CELERY_REDIS_URL',
  check: string,
): ConfiguredRedis | undefined {
  const url = reader.read(variable, redisUrl, check)
  return url === undefined ? undefined : { transport: 'tcp', variable, url }
}
