import type { CelerySettings } from '../checks/celery/settings.ts'
import type { RedisConnection } from '../clients/redis.ts'
import { readRedis } from './connections.ts'
import type { Environment, Reader } from './reader.ts'
import { commaList, line, oneOf, wholeNumberBetween } from './values.ts'

const check = 'celery'
const brokerNames = ['CELERY_REDIS_REST_URL', 'CELERY_REDIS_REST_TOKEN'] as const

/**
 * The CELERY_* variables; undefined when a Redis that the probe needs is missing.
 *
 * @param redis the application's Redis, which is the broker unless another is named
 */
export function readCelery(
  reader: Reader,
  environment: Environment,
  redis: RedisConnection | undefined,
  timeoutMs: number,
): CelerySettings | undefined {
  const probe = reader.read('CELERY_PROBE', oneOf('control', 'heartbeat', 'both'), check) ?? 'control'
  const maxBacklog = reader.read('CELERY_MAX_BACKLOG', wholeNumberBetween(0, 999_999_999), check)
  const settings = {
    probe,
    timeoutMs,
    heartbeatKey: reader.read('CELERY_HEARTBEAT_KEY', line, check) ?? 'edge-health:celery',
    heartbeatMaxAgeSeconds:
      reader.read('CELERY_HEARTBEAT_MAX_AGE', wholeNumberBetween(1, 604_800), check) ?? 180,
    expectedWorkers: reader.read('CELERY_EXPECTED_WORKERS', wholeNumberBetween(1, 10_000), check) ?? 1,
    workers: reader.read('CELERY_WORKERS', commaList, check) ?? [],
    queues: reader.read('CELERY_QUEUES', commaList, check) ?? [],
    noReply: reader.read('CELERY_NO_REPLY', oneOf('fail', 'warn'), check) ?? 'fail',
    keyPrefix: reader.read('CELERY_KEY_PREFIX', line, check) ?? '',
    controlExchange: reader.read('CELERY_CONTROL_EXCHANGE', line, check) ?? 'celery',
    ...(maxBacklog === undefined ? {} : { maxBacklog }),
  }
  const named = readRedis(reader, environment, [brokerNames], check)
  const broker = named ?? (brokerNames.some((name) => reader.isWrong(name)) ? undefined : redis)
  const connection = probe === 'heartbeat' ? redis : broker
  const heartbeatConnection = probe === 'control' ? (redis ?? broker) : redis
  return connection && heartbeatConnection ? { ...settings, connection, heartbeatConnection } : undefined
}
