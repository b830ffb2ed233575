import { standardCheckers } from '../core/standard-checkers.ts'
import { type AlertsConfig, readAlerts, readMaintenance } from './alerts.ts'
import { type CeleryConfig, readCelery } from './celery.ts'
import {
  type AvailableTransports,
  type ConfiguredPostgres,
  type ConfiguredRedis,
  readApplicationRedis,
  readPostgres,
} from './connections.ts'
import type { MaintenanceWindow } from './maintenance.ts'
import { createReader, type Environment, type Mistake, type Reader } from './reader.ts'
import { readStatusPage, type StatusPageConfig } from './status-page.ts'
import { readTiming, type Timing } from './timing.ts'
import {
  callerToken,
  commaList,
  findingPatterns,
  httpUrl,
  monitorSchedule,
  monitorSlug,
  name,
  oneOf,
  sentryDsn,
  sentryEnvironment,
  storeKey,
  wholeNumberBetween,
} from './values.ts'

export type { Environment, Mistake } from './reader.ts'
export { secretsOf } from './secrets.ts'

export interface SentryConfig {
  readonly dsn: string
  readonly environment: string | undefined
  readonly monitorSlug: string | undefined
  readonly monitorSchedule: string | undefined
}

interface StoreConfig {
  /** The beginning of every key; undefined: made of the service's name. */
  readonly key: string | undefined
}

/** The whole configuration, with defaults filled in. */
export interface Config {
  /** Which checks exist here, in the order of the answer. */
  readonly checkers: readonly string[]
  readonly timing: Timing
  readonly postgres: ConfiguredPostgres | undefined
  readonly redis: ConfiguredRedis | undefined
  readonly redisWrite: boolean
  /** Findings of the migrations check that warn instead of failing. */
  readonly migrationsWarn: readonly string[]
  /** Undefined when a Redis that it needs is missing. */
  readonly celery: CeleryConfig | undefined
  readonly failedStatus: number
  /** What callers without the token see. */
  readonly visibility: 'results' | 'status' | 'none'
  readonly ohDearSecret: string | undefined
  readonly hostname: string | undefined
  readonly release: string | undefined
  readonly token: string | undefined
  readonly sentry: SentryConfig | undefined
  readonly heartbeatUrl: string | undefined
  /** Undefined: every isolate runs for itself. */
  readonly store: StoreConfig | undefined
  /** Undefined without a channel. */
  readonly alerts: AlertsConfig | undefined
  readonly maintenance: readonly MaintenanceWindow[]
  readonly statusPage: StatusPageConfig
  /** Every mistake, those of a check and those of the whole function. */
  readonly mistakes: readonly Mistake[]
}

/**
 * Reads the environment. Never throws: a wrong value is a mistake in the result and keeps its default.
 *
 * @param customCheckers names of checks that were passed in; they exist unless HEALTH_CHECKS leaves them out
 * @param transports what can be asked over TCP here
 */
export function readConfig(
  environment: Environment,
  customCheckers: readonly string[] = [],
  transports: AvailableTransports = {},
): Config {
  const reader = createReader(environment)
  const available = [...standardCheckers, ...customCheckers]
  const checkers = readCheckers(reader.read('HEALTH_CHECKS', commaList), available, (expected) =>
    reader.wrong('HEALTH_CHECKS', expected),
  )
  const redis = readApplicationRedis(reader, environment, transports)
  const timing = readTiming(reader, checkers)
  const wantsStore = reader.read('HEALTH_STORE', oneOf('off', 'redis')) === 'redis'
  return {
    checkers,
    timing,
    postgres: readPostgres(reader, environment, transports),
    redis,
    redisWrite: reader.read('HEALTH_REDIS_WRITE', oneOf('on', 'off'), 'redis') === 'on',
    migrationsWarn: reader.read('MIGRATIONS_WARN', findingPatterns, 'migrations') ?? [],
    celery: readCelery(reader, environment, { redis, timing, hasTcp: transports.redis ?? false }),
    visibility: reader.read('HEALTH_PUBLIC', oneOf('results', 'status', 'none')) ?? 'results',
    ohDearSecret: reader.read('OH_DEAR_HEALTH_CHECK_SECRET', callerToken),
    failedStatus: reader.read('HEALTH_FAILED_STATUS', wholeNumberBetween(400, 599)) ?? 503,
    hostname: reader.read('HEALTH_HOSTNAME', name),
    release: reader.read('SENTRY_RELEASE', name),
    token: reader.read('HEALTH_TOKEN', callerToken),
    sentry: readSentry(reader),
    heartbeatUrl: reader.read('HEARTBEAT_URL', httpUrl),
    store: readStore(reader, wantsStore, redis, checkers),
    alerts: readAlerts(reader, wantsStore),
    maintenance: readMaintenance(reader),
    statusPage: readStatusPage(reader),
    mistakes: reader.mistakes,
  }
}

function readCheckers(
  named: readonly string[] | undefined,
  available: readonly string[],
  wrong: (expected: string) => void,
): readonly string[] {
  if (!named) return available
  if (named.every((name) => available.includes(name))) return [...new Set(named)]
  wrong(`expected names among ${available.join(', ')}, found another one`)
  return available
}

function readSentry(reader: Reader): SentryConfig | undefined {
  const dsn = reader.read('SENTRY_DSN', sentryDsn)
  const environment = reader.read('SENTRY_ENVIRONMENT', sentryEnvironment)
  const slug = reader.read('SENTRY_MONITOR_SLUG', monitorSlug)
  const schedule = reader.read('SENTRY_MONITOR_SCHEDULE', monitorSchedule)
  return dsn === undefined ? undefined : { dsn, environment, monitorSlug: slug, monitorSchedule: schedule }
}

/** Where the check of that Redis says that nothing is configured, that is said once. */
function readStore(
  reader: Reader,
  wantsStore: boolean,
  redis: ConfiguredRedis | undefined,
  checkers: readonly string[],
): StoreConfig | undefined {
  const key = reader.read('HEALTH_STORE_KEY', storeKey)
  if (!wantsStore) return undefined
  if (redis) return { key }
  if (!checkers.includes('redis')) {
    reader.wrong('HEALTH_STORE', 'expected off where no Redis is configured, found redis')
  }
  return undefined
}
