import { randomBytes } from 'node:crypto'
import { embeddedRedisBackend } from './embedded-redis.ts'
import { probeRedis, redisBackend } from './real-redis.ts'
import { startRedisRest } from './redis-rest.ts'
import type { StackOptions, StandIn } from './stand-in.ts'
import { StartError } from './start-error.ts'

/**
 * What the Worker asks as its Redis: UPSTASH_REDIS_REST_URL or KV_REST_API_URL as they are; else a local Redis REST
 * service in front of REDIS_URL, or of an embedded Redis.
 */
export async function startRedis({ environment }: StackOptions): Promise<StandIn> {
  const rest = ['UPSTASH_REDIS_REST_URL', 'KV_REST_API_URL'].find((name) => environment[name])
  if (rest) {
    const host = URL.parse(environment[rest] ?? '')?.host ?? 'an address that is not a URL'
    return { kind: 'real', description: `${host} (${rest})`, variables: {}, close: async () => {} }
  }
  return environment['REDIS_URL'] ? frontRealRedis(environment['REDIS_URL']) : embedRedis()
}

async function frontRealRedis(given: string): Promise<StandIn> {
  const url = URL.parse(given)
  if (!url || !/^rediss?:$/.test(url.protocol) || !url.hostname) {
    throw new StartError('REDIS_URL: expected redis://host:port, found something else.')
  }
  await probeRedis(given).catch((error: Error) => {
    throw new StartError(
      `REDIS_URL: the Redis at ${url.host} cannot be used (${error.message}); start it, or unset REDIS_URL for an embedded one.`,
    )
  })
  const token = newToken()
  const service = await startRedisRest({ backend: redisBackend(given), token })
  return {
    kind: 'real',
    description: `${url.host} (REDIS_URL)`,
    variables: { UPSTASH_REDIS_REST_URL: service.url, UPSTASH_REDIS_REST_TOKEN: token },
    close: service.close,
  }
}

async function embedRedis(): Promise<StandIn> {
  const redis = embeddedRedisBackend()
  const token = newToken()
  const service = await startRedisRest({ backend: redis, token })
  return {
    kind: 'embedded',
    description: 'ioredis-mock',
    variables: { UPSTASH_REDIS_REST_URL: service.url, UPSTASH_REDIS_REST_TOKEN: token },
    async close() {
      await service.close()
      await redis.close()
    },
  }
}

const newToken = () => randomBytes(18).toString('base64url')
