import type { PostgresConnection } from '../clients/postgres.ts'
import type { RedisConnection } from '../clients/redis.ts'
import { type Environment, type Reader, textOf } from './reader.ts'
import { httpUrl, postgresUrl, redisRestUrl, token } from './values.ts'

/** Where Neon's databases live; for these the driver's own endpoint is the right one. */
const neonDomain = /\.neon\.(tech|build)$/i

const isSet = (environment: Environment, variable: string) => textOf(environment[variable]) !== undefined

/** DATABASE_URL, and DATABASE_HTTP_ENDPOINT where the host is not Neon's. */
export function readPostgres(reader: Reader, environment: Environment): PostgresConnection | undefined {
  const url = reader.read('DATABASE_URL', postgresUrl, 'database')
  const endpoint = reader.read('DATABASE_HTTP_ENDPOINT', httpUrl, 'database')
  if (url === undefined) {
    if (!reader.isWrong('DATABASE_URL')) {
      reader.wrong(
        'DATABASE_URL',
        'expected a connection string that starts with postgres:// and names user, password, host and database, found nothing',
        'database',
      )
    }
    return undefined
  }
  if (endpoint !== undefined) return { url, endpoint }
  if (isSet(environment, 'DATABASE_HTTP_ENDPOINT')) return undefined
  if (neonDomain.test(new URL(url).hostname)) return { url }
  // The driver would post the connection string, password and all, to api.<rest of the host>.
  reader.wrong(
    'DATABASE_URL',
    'expected a host of Neon, or DATABASE_HTTP_ENDPOINT with the SQL-over-HTTP URL of this database, found a host of another provider',
    'database',
  )
  return undefined
}

/**
 * The first pair of which anything is set, taken whole: a URL of one pair never meets the token of another.
 *
 * @param pairs names of the URL and the token
 * @param check the check that needs it
 */
export function readRedis(
  reader: Reader,
  environment: Environment,
  pairs: readonly (readonly [url: string, token: string])[],
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
