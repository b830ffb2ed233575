import type { PostgresConnection } from '../clients/postgres.ts'
import type { RedisConnection } from '../clients/redis.ts'
import { type Environment, type Reader, textOf } from './reader.ts'
import { expectedPostgresUrl, httpUrl, postgresUrl, redisRestUrl, token } from './values.ts'
import { databaseVariables, type SecretVariable } from './variables.ts'

/** Where Neon's databases live; for these the driver's own endpoint is the right one. */
const neonDomain = /\.neon\.(tech|build)$/i

const check = 'database'

const isSet = (environment: Environment, variable: string) => textOf(environment[variable]) !== undefined

/**
 * The first connection string that is set, in the order of {@link databaseVariables}, and DATABASE_HTTP_ENDPOINT where
 * the host is not Neon's. A wrong string is a mistake: the next name is not tried, as it may be another database.
 */
export function readPostgres(reader: Reader, environment: Environment): PostgresConnection | undefined {
  const variable = databaseVariables.find((name) => isSet(environment, name)) ?? 'DATABASE_URL'
  const url = reader.read(variable, postgresUrl, check)
  const endpoint = reader.read('DATABASE_HTTP_ENDPOINT', httpUrl, check)
  if (url === undefined) {
    if (!reader.isWrong(variable)) reader.wrong(variable, `${expectedPostgresUrl}, found nothing`, check)
    return undefined
  }
  if (endpoint !== undefined) return { url, endpoint }
  if (isSet(environment, 'DATABASE_HTTP_ENDPOINT')) return undefined
  if (neonDomain.test(new URL(url).hostname)) return { url }
  // The driver would post the connection string, password and all, to api.<rest of the host>.
  reader.wrong(
    variable,
    'expected a host of Neon, or DATABASE_HTTP_ENDPOINT with the SQL-over-HTTP URL of this database, found a host of another provider',
    check,
  )
  return undefined
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
): RedisConnection | undefined {
  const pair = pairs.find((names) => names.some((name) => isSet(environment, name)))
  if (!pair) return undefined
  const [urlName, tokenName] = pair
  const url = reader.read(urlName, redisRestUrl, check)
  const secret = reader.read(tokenName, token(1), check)
  for (const name of pair) {
    if (!isSet(environment, name))
      reader.wrong(name, `expected beside ${name === urlName ? tokenName : urlName}, found nothing`, check)
  }
  return url !== undefined && secret !== undefined ? { url, token: secret } : undefined
}
