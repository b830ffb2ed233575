import type { OpenPostgres, OpenRedis } from './clients/interfaces.ts'
import { postgresOverHttp } from './clients/postgres.ts'
import { redisOverRest } from './clients/redis.ts'
import type { Transports } from './clients/transports.ts'
import type { AvailableTransports, ConfiguredPostgres, ConfiguredRedis } from './config/connections.ts'

/** Undefined where the configuration names a transport that is not there. */
export function openPostgresOf(
  configured: ConfiguredPostgres,
  { postgres }: Transports,
): OpenPostgres | undefined {
  return configured.transport === 'http' ? postgresOverHttp(configured) : postgres?.(configured.url)
}

/** Undefined where the configuration names a transport that is not there. */
export function openRedisOf(configured: ConfiguredRedis, { redis }: Transports): OpenRedis | undefined {
  return configured.transport === 'rest' ? redisOverRest(configured) : redis?.(configured.url)
}

/** Which of them there are, as the configuration asks. */
export const availableOf = ({ postgres, redis }: Transports): AvailableTransports => ({
  postgres: postgres !== undefined,
  redis: redis !== undefined,
})
