import type { HttpService } from '../../src/local/http-service.ts'
import { postgresBackend } from '../../src/local/postgres-backend.ts'
import { redisBackend } from '../../src/local/real-redis.ts'
import { startRedisRest } from '../../src/local/redis-rest.ts'
import { startSqlOverHttp } from '../../src/local/sql-over-http.ts'
import { type FaultProxy, startFaultProxy } from '../servers/fault-proxy.ts'
import { type PostgresServer, type PostgresVersion, startPostgres } from '../servers/postgres.ts'
import { type RedisServer, startRedis } from '../servers/redis.ts'

/** Real servers behind the HTTP services that the function asks, with a proxy before each that can break. */
export interface TestStack {
  readonly postgres: PostgresServer
  readonly redis: RedisServer
  readonly sqlProxy: FaultProxy
  readonly redisProxy: FaultProxy
  /** What the function has to be told to find them. */
  readonly environment: Record<string, string>
  close(): Promise<void>
}

export const healthToken = 'planted-health-token'

export async function startStack(
  options: { version?: PostgresVersion; redis?: Record<string, string> } = {},
): Promise<TestStack> {
  const [postgres, redis] = await Promise.all([startPostgres(options), startRedis(options.redis)])
  const token = 'planted-redis-token'
  const services: HttpService[] = await Promise.all([
    startSqlOverHttp({ backend: postgresBackend(postgres.url()) }),
    startRedisRest({ backend: redisBackend(redis.url), token }),
  ])
  const [sql, rest] = services as [HttpService, HttpService]
  const [sqlProxy, redisProxy] = await Promise.all([startFaultProxy(sql.url), startFaultProxy(rest.url)])
  return {
    postgres,
    redis,
    sqlProxy,
    redisProxy,
    environment: {
      DATABASE_URL: postgres.url(),
      DATABASE_HTTP_ENDPOINT: sqlProxy.url,
      UPSTASH_REDIS_REST_URL: redisProxy.url,
      UPSTASH_REDIS_REST_TOKEN: token,
      HEALTH_TOKEN: healthToken,
    },
    async close() {
      await Promise.all([sqlProxy.close(), redisProxy.close()])
      await Promise.all(services.map((service) => service.close()))
      await Promise.all([postgres.close(), redis.close()])
    },
  }
}
