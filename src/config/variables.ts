/**
 * The configuration's variables, by name: the only list of them. Their defaults and meanings are in
 * `cli/init/variable-texts.ts`, which is not bundled into the function.
 * @module
 */

/** Where the connection string is looked for; the first one that is set is taken whole. */
export const databaseVariables = [
  'DATABASE_URL',
  'POSTGRES_URL',
  'NETLIFY_DATABASE_URL',
  'DATABASE_URL_UNPOOLED',
  'POSTGRES_URL_NON_POOLING',
] as const

/** Variables that hold a secret, or the address of a server. Their values and the parts of them are scrubbed. */
export const secretVariables = [
  ...databaseVariables,
  'DATABASE_HTTP_ENDPOINT',
  'UPSTASH_REDIS_REST_URL',
  'UPSTASH_REDIS_REST_TOKEN',
  'KV_REST_API_URL',
  'KV_REST_API_TOKEN',
  'REDIS_URL',
  'CELERY_REDIS_REST_URL',
  'CELERY_REDIS_REST_TOKEN',
  'CELERY_REDIS_URL',
  'HEALTH_TOKEN',
  'OH_DEAR_HEALTH_CHECK_SECRET',
  'SENTRY_DSN',
  'HEARTBEAT_URL',
  'ALERT_SLACK_URL',
  'ALERT_DISCORD_URL',
  'ALERT_PAGERDUTY_KEY',
  'ALERT_WEBHOOK_URL',
  'ALERT_WEBHOOK_SECRET',
] as const

/** Variables whose values are not secret. The details name some of them, so they are not scrubbed. */
export const openVariables = [
  'CELERY_PROBE',
  'CELERY_HEARTBEAT_KEY',
  'CELERY_HEARTBEAT_MAX_AGE',
  'CELERY_EXPECTED_WORKERS',
  'CELERY_WORKERS',
  'CELERY_QUEUES',
  'CELERY_MAX_BACKLOG',
  'CELERY_NO_REPLY',
  'CELERY_KEY_PREFIX',
  'CELERY_CONTROL_EXCHANGE',
  'CELERY_SEPARATOR',
  'CELERY_PRIORITY_STEPS',
  'CELERY_TIMEOUT_MS',
  'MIGRATIONS_WARN',
  'HEALTH_CHECKS',
  'HEALTH_TTL_PASS',
  'HEALTH_TTL_FAIL',
  'HEALTH_TIMEOUT_MS',
  'HEALTH_DEADLINE_MS',
  'HEALTH_SLOW_MS',
  'HEALTH_REDIS_WRITE',
  'HEALTH_FAILED_STATUS',
  'HEALTH_PUBLIC',
  'HEALTH_HOSTNAME',
  'HEALTH_STORE',
  'HEALTH_STORE_KEY',
  'HEALTH_MAINTENANCE',
  'HEALTH_TITLE',
  'HEALTH_LABELS',
  'HEALTH_LOGO_URL',
  'HEALTH_LANGUAGE',
  'ALERT_AFTER',
  'ALERT_RESOLVE_AFTER',
  'ALERT_REMIND_AFTER',
  'ALERT_WARNINGS',
  'ALERT_DETAILS',
  'SENTRY_ENVIRONMENT',
  'SENTRY_RELEASE',
  'SENTRY_MONITOR_SLUG',
  'SENTRY_MONITOR_SCHEDULE',
] as const

export type SecretVariable = (typeof secretVariables)[number]
export type OpenVariable = (typeof openVariables)[number]
/** For how long results of one check are repeated; there is such a pair for every check, custom ones too. */
type TtlVariable = `HEALTH_${string}_TTL_${'PASS' | 'FAIL'}`
/** A variable that the function reads. */
export type Variable = SecretVariable | OpenVariable | TtlVariable

/** `HEALTH_DATABASE_TTL_PASS` and `HEALTH_DATABASE_TTL_FAIL` for `database`. */
export function ttlVariables(checker: string): { readonly pass: TtlVariable; readonly fail: TtlVariable } {
  const prefix = `HEALTH_${checker.toUpperCase().replaceAll(/[^A-Z0-9]/g, '_')}_TTL` as const
  return { pass: `${prefix}_PASS`, fail: `${prefix}_FAIL` }
}

const includes = (names: readonly string[], name: string): boolean => names.includes(name)

/** Whether the variable of this name holds a secret of the function. */
export const isSecretVariable = (name: string): boolean => includes(secretVariables, name)

/** Whether the variable of this name is one of the function's whose value is not a secret. */
export const isOpenVariable = (name: string): boolean => includes(openVariables, name)

/** Whether the function reads a variable of this name. */
export const isVariable = (name: string): boolean =>
  isSecretVariable(name) || isOpenVariable(name) || /^HEALTH_[A-Z0-9_]+_TTL_(PASS|FAIL)$/.test(name)
