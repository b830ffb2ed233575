import { randomBytes } from 'node:crypto'
import { startStandInWorker } from './celery-worker.ts'
import { embeddedRedisBackend } from './embedded-redis.ts'
import type { Variables } from './environment.ts'
import { probeRedis, redisBackend } from './real-redis.ts'
import { startRedisRest } from './redis-rest.ts'
import type { StackOptions, StandIn } from './stand-in.ts'
import { StartError } from './start-error.ts'

/**
 * What the Worker asks as its Redis: UPSTASH_REDIS_REST_URL or KV_REST_API_URL as they are; else a local Redis REST
 * service in front of REDIS_URL, or of an embedded Redis where a stand-in answers for a Celery worker.
 */
export async function startRedis({ environment, signal }: StackOptions): Promise<StandIn> {
  const rest = ['UPSTASH_REDIS_REST_URL', 'KV_REST_API_URL'].find((name) => environment[name])
  if (rest) {
    const host = URL.parse(environment[rest] ?? '')?.host ?? 'an address that is not a URL'
    return {
      kind: 'real',
      description: `${host} (${rest})`,
      variables: {},
      ready: Promise.resolve(),
      close: async () => {},
    }
  }
  const url = environment['REDIS_URL']
  return url ? frontRealRedis(url, signal) : embedRedis(environment)
}

async function frontRealRedis(given: string, signal: AbortSignal): Promise<StandIn> {
  const url = URL.parse(given)
  if (!url || !/^rediss?:$/.test(url.protocol) || !url.hostname) {
    throw new StartError('REDIS_URL: expected redis://host:port, found something else.')
  }
  await probeRedis(given, { signal }).catch((error: Error) => {
    throw new StartError(
      `REDIS_URL: the Redis at ${url.host} cannot be used (${error.message}); start it, correct REDIS_URL, or unset it for an embedded one.`,
    )
  })
  const token = newToken()
  const service = await startRedisRest({ backend: redisBackend(given), token })
  return {
    kind: 'real',
    description: `${url.host} (REDIS_URL)`,
    variables: { UPSTASH_REDIS_REST_URL: service.url, UPSTASH_REDIS_REST_TOKEN: token },
    ready: Promise.resolve(),
    close: service.close,
  }
}

async function embedRedis(environment: Variables): Promise<StandIn> {
  const redis = embeddedRedisBackend()
  const queues = (environment['CELERY_QUEUES'] ?? '').split(',').map((name) => name.trim())
  const worker = await startStandInWorker(redis.client(), {
    queues: ['celery', ...queues.filter(Boolean)],
    naming: {
      keyPrefix: environment['CELERY_KEY_PREFIX'] ?? '',
      controlExchange: environment['CELERY_CONTROL_EXCHANGE'] || 'celery',
    },
  })
  const token = newToken()
  const service = await startRedisRest({ backend: redis, token })
  return {
    kind: 'embedded',
    description: 'ioredis-mock, with a stand-in for a Celery worker',
    variables: { UPSTASH_REDIS_REST_URL: service.url, UPSTASH_REDIS_REST_TOKEN: token },
    ready: Promise.resolve(),
    async close() {
      await service.close()
      await worker.close()
      await redis.close()
    },
  }
}

const newToken = () => randomBytes(18).toString('base64url')
