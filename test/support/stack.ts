import { postgresBackend } from '../../src/dev/postgres-backend.ts'
import { redisBackend } from '../../src/dev/real-redis.ts'
import { startRedisRest } from '../../src/dev/redis-rest.ts'
import { startSqlOverHttp } from '../../src/dev/sql-over-http.ts'
import { type FaultProxy, startFaultProxy } from '../servers/fault-proxy.ts'
import { type PostgresServer, type PostgresVersion, startPostgres } from '../servers/postgres.ts'
import { type RedisServer, startRedis } from '../servers/redis.ts'
import { type Closable, startAll } from './start-all.ts'

/** Real servers behind the HTTP services that the function asks, with a proxy before each that can break. */
export interface TestStack {
  readonly postgres: PostgresServer
  readonly redis: RedisServer
  readonly sqlProxy: FaultProxy
  readonly redisProxy: FaultProxy
  /** What the function has to know to find them. */
  readonly environment: Record<string, string>
  close(): Promise<void>
}

export const healthToken = 'planted-health-token'

interface StackOptions {
  readonly version?: PostgresVersion
  /** Lines of redis.conf. */
  readonly redis?: Record<string, string>
  /** Whom the REST API logs in as: the user that may do everything unless another is named. */
  readonly redisUser?: { readonly name: string; readonly password: string }
}

export async function startStack({
  version,
  redis: settings,
  redisUser,
}: StackOptions = {}): Promise<TestStack> {
  const stages: (readonly Closable[])[] = []
  async function close() {
    for (const stage of stages.toReversed()) await Promise.all(stage.map((part) => part.close()))
  }
  try {
    const servers = await startAll([startPostgres(version ? { version } : {}), startRedis(settings)])
    stages.push(servers)
    const [postgres, redis] = servers
    const token = 'planted-redis-token'
    const services = await startAll([
      startSqlOverHttp({ backend: postgresBackend(postgres.url()) }),
      startRedisRest({ backend: redisBackend(urlOf(redis, redisUser)), token }),
    ])
    stages.push(services)
    const [sql, rest] = services
    const proxies = await startAll([startFaultProxy(sql.url), startFaultProxy(rest.url)])
    stages.push(proxies)
    const [sqlProxy, redisProxy] = proxies
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
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}

function urlOf({ url }: RedisServer, user: StackOptions['redisUser']): string {
  return user ? Object.assign(new URL(url), { username: user.name, password: user.password }).href : url
}
