import { exchangeText, keyPrefixText, separatorText, prioritySteps as steps } from './celery-names.ts'
import { type ConfiguredRedis, databaseNumber, readRedis, readRedisUrl } from './connections.ts'
import { type Environment, type Reader, textOf } from './reader.ts'
import { celeryMarginMs, type Timing } from './timing.ts'
import { commaList, line, oneOf, wholeNumberBetween } from './values.ts'

const check = 'celery'
/** In ms: with less, a worker cannot answer over a broker that is an HTTP request away. */
const minTimeoutMs = 250
const brokerNames = ['CELERY_REDIS_REST_URL', 'CELERY_REDIS_REST_TOKEN'] as const

/** The CELERY_* variables, in the form of the Celery check's settings. */
export type CeleryConfig = ReturnType<typeof readSettings> & {
  readonly database: number
  readonly connection: ConfiguredRedis
  readonly heartbeatConnection: ConfiguredRedis
}

/**
 * The CELERY_* variables; undefined when a Redis that the probe needs is missing.
 *
 * @param around.redis the application's Redis, which is the broker unless another is named
 * @param around.hasTcp whether a Redis can be asked over TCP
 */
export function readCelery(
  reader: Reader,
  environment: Environment,
  { redis, timing, hasTcp }: { redis: ConfiguredRedis | undefined; timing: Timing; hasTcp: boolean },
): CeleryConfig | undefined {
  const settings = readSettings(reader, environment, timing)
  const { probe } = settings
  const named = readBroker(reader, environment, hasTcp)
  const isWrong = ([...brokerNames, 'CELERY_REDIS_URL'] as const).some((name) => reader.isWrong(name))
  const broker = named ?? (isWrong ? undefined : redis)
  const connection = probe === 'heartbeat' ? redis : broker
  const heartbeatConnection = probe === 'control' ? (redis ?? broker) : redis
  if (!connection || !heartbeatConnection) return undefined
  return { ...settings, database: databaseNumber(connection), connection, heartbeatConnection }
}

/** A broker that is not the application's Redis. */
function readBroker(reader: Reader, environment: Environment, hasTcp: boolean): ConfiguredRedis | undefined {
  const overRest = readRedis(reader, environment, [brokerNames], check)
  if (overRest || !hasTcp || brokerNames.some((name) => reader.isWrong(name))) return overRest
  return readRedisUrl(reader, 'CELERY_REDIS_URL', check)
}

/** The settings of the check, without its connections. */
function readSettings(reader: Reader, environment: Environment, timing: Timing) {
  const probe = reader.read('CELERY_PROBE', oneOf('control', 'heartbeat', 'both'), check) ?? 'control'
  if (probe !== 'heartbeat') reportLackOfTime(reader, environment, timing)
  const maxBacklog = reader.read('CELERY_MAX_BACKLOG', wholeNumberBetween(0, 999_999_999), check)
  const prioritySteps = reader.read('CELERY_PRIORITY_STEPS', steps, check)
  const separator = reader.read('CELERY_SEPARATOR', separatorText, check)
  return {
    probe,
    timeoutMs: timing.celeryTimeoutMs,
    heartbeatKey: reader.read('CELERY_HEARTBEAT_KEY', line, check) ?? 'edge-health:celery',
    heartbeatMaxAgeSeconds:
      reader.read('CELERY_HEARTBEAT_MAX_AGE', wholeNumberBetween(1, 604_800), check) ?? 180,
    expectedWorkers: reader.read('CELERY_EXPECTED_WORKERS', wholeNumberBetween(1, 10_000), check) ?? 1,
    workers: reader.read('CELERY_WORKERS', commaList, check) ?? [],
    queues: reader.read('CELERY_QUEUES', commaList, check) ?? [],
    noReply: reader.read('CELERY_NO_REPLY', oneOf('fail', 'warn'), check) ?? 'fail',
    keyPrefix: reader.read('CELERY_KEY_PREFIX', probe === 'heartbeat' ? line : keyPrefixText, check) ?? '',
    controlExchange:
      reader.read('CELERY_CONTROL_EXCHANGE', probe === 'heartbeat' ? line : exchangeText, check) ?? 'celery',
    ...(maxBacklog === undefined ? {} : { maxBacklog }),
    ...(separator === undefined ? {} : { separator }),
    ...(prioritySteps === undefined ? {} : { prioritySteps }),
  }
}

/** The default shrinks with the times around it. When it gets too short, every healthy worker would be late. */
function reportLackOfTime(
  reader: Reader,
  environment: Environment,
  { celeryTimeoutMs, timeoutMs, deadlineMs }: Timing,
): void {
  if (celeryTimeoutMs >= minTimeoutMs || textOf(environment['CELERY_TIMEOUT_MS']) !== undefined) return
  reader.wrong(
    'HEALTH_TIMEOUT_MS',
    `expected at least ${minTimeoutMs + celeryMarginMs + 1} ms where Celery's workers are asked, ` +
      `found ${timeoutMs} ms below HEALTH_DEADLINE_MS (${deadlineMs} ms), which leaves them no time`,
    check,
  )
}
