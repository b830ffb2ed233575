import type { RedisConnection } from '../clients/redis.ts'
import { readRedis } from './connections.ts'
import type { Environment, Reader } from './reader.ts'
import { commaList, line, oneOf, wholeNumberBetween } from './values.ts'

/** What the Celery check is told; the names follow the CELERY_* variables. */
export interface CeleryConfig {
  readonly probe: 'control' | 'heartbeat' | 'both'
  /** The broker; undefined for a probe that needs none. */
  readonly broker: RedisConnection | undefined
  /** Whether the broker is the Redis of the redis check. */
  readonly sharesRedis: boolean
  readonly heartbeatKey: string
  readonly heartbeatMaxAgeSeconds: number
  readonly expectedWorkers: number
  readonly workers: readonly string[]
  readonly queues: readonly string[]
  readonly maxBacklog: number | undefined
  readonly noReply: 'fail' | 'warn'
  readonly keyPrefix: string
  readonly controlExchange: string
}

const check = 'celery'

/** @param redis the application's Redis, which is the broker unless another is named */
export function readCelery(
  reader: Reader,
  environment: Environment,
  redis: RedisConnection | undefined,
): CeleryConfig {
  const own = readRedis(reader, environment, [['CELERY_REDIS_REST_URL', 'CELERY_REDIS_REST_TOKEN']], check)
  const named =
    own !== undefined || reader.isWrong('CELERY_REDIS_REST_URL') || reader.isWrong('CELERY_REDIS_REST_TOKEN')
  return {
    probe: reader.read('CELERY_PROBE', oneOf('control', 'heartbeat', 'both'), check) ?? 'control',
    broker: named ? own : redis,
    sharesRedis: !named,
    heartbeatKey: reader.read('CELERY_HEARTBEAT_KEY', line, check) ?? 'edge-health:celery',
    heartbeatMaxAgeSeconds:
      reader.read('CELERY_HEARTBEAT_MAX_AGE', wholeNumberBetween(1, 604_800), check) ?? 180,
    expectedWorkers: reader.read('CELERY_EXPECTED_WORKERS', wholeNumberBetween(1, 10_000), check) ?? 1,
    workers: reader.read('CELERY_WORKERS', commaList, check) ?? [],
    queues: reader.read('CELERY_QUEUES', commaList, check) ?? [],
    maxBacklog: reader.read('CELERY_MAX_BACKLOG', wholeNumberBetween(0, 999_999_999), check),
    noReply: reader.read('CELERY_NO_REPLY', oneOf('fail', 'warn'), check) ?? 'fail',
    keyPrefix: reader.read('CELERY_KEY_PREFIX', line, check) ?? '',
    controlExchange: reader.read('CELERY_CONTROL_EXCHANGE', line, check) ?? 'celery',
  }
}
