import type { Config } from '../../config/config.ts'
import { databaseVariables } from '../../config/variables.ts'

const redisVariables = [
  'UPSTASH_REDIS_REST_URL',
  'UPSTASH_REDIS_REST_TOKEN',
  'KV_REST_API_URL',
  'KV_REST_API_TOKEN',
  'REDIS_URL',
]
const brokerVariables = ['CELERY_REDIS_REST_URL', 'CELERY_REDIS_REST_TOKEN', 'CELERY_REDIS_URL']

/** The variable of the URL that comes with this one of the token. */
const urlOf = (variable: string) => variable.replace(/TOKEN$/, 'URL')

type Rule = (variable: string, config: Config) => string | undefined

const another: Rule = (variable, { postgres, redis, celery }) => {
  const used = [
    [databaseVariables, postgres?.variable],
    [redisVariables, redis?.variable],
    [brokerVariables, celery?.connection.variable],
  ] as const
  for (const [names, name] of used) {
    const isOther = name !== undefined && urlOf(name) !== urlOf(variable)
    if (names.some((each) => each === variable) && isOther) return `not used: ${name} comes first`
  }
  return undefined
}

/** Prefixes of variables, and what is missing where they do nothing. */
const needs: readonly (readonly [variables: RegExp, isMissing: (config: Config) => boolean, what: string])[] =
  [
    [/^CELERY_/, ({ checkers }) => !checkers.includes('celery'), 'celery is not among HEALTH_CHECKS'],
    [
      /^MIGRATIONS_/,
      ({ checkers }) => !checkers.includes('migrations'),
      'migrations is not among HEALTH_CHECKS',
    ],
    [
      /^HEALTH_REDIS_WRITE$/,
      ({ checkers }) => !checkers.includes('redis'),
      'redis is not among HEALTH_CHECKS',
    ],
    [/^CELERY_HEARTBEAT_/, ({ celery }) => celery?.probe === 'control', 'CELERY_PROBE is control'],
    [
      /^CELERY_(EXPECTED_WORKERS|WORKERS|QUEUES|MAX_BACKLOG|NO_REPLY|CONTROL_EXCHANGE|SEPARATOR|PRIORITY_STEPS|TIMEOUT_MS)$/,
      ({ celery }) => celery?.probe === 'heartbeat',
      'CELERY_PROBE is heartbeat',
    ],
    [
      /^CELERY_PRIORITY_STEPS$/,
      ({ celery }) => celery !== undefined && celery.maxBacklog === undefined,
      'CELERY_MAX_BACKLOG is not set',
    ],
    [/^HEALTH_(STORE_KEY|MAINTENANCE)$/, ({ store }) => store === undefined, 'HEALTH_STORE is off'],
    [/^SENTRY_(ENVIRONMENT|MONITOR_\w+)$/, ({ sentry }) => sentry === undefined, 'SENTRY_DSN is not set'],
    [
      /^SENTRY_MONITOR_SCHEDULE$/,
      ({ sentry }) => sentry?.monitorSlug === undefined,
      'SENTRY_MONITOR_SLUG is not set',
    ],
    [
      /^ALERT_(AFTER|RESOLVE_AFTER|REMIND_AFTER|WARNINGS|DETAILS)$/,
      ({ alerts }) => alerts === undefined,
      'there is no channel for alerts',
    ],
    [/^ALERT_WEBHOOK_SECRET$/, ({ alerts }) => alerts?.webhook === undefined, 'ALERT_WEBHOOK_URL is not set'],
  ]

/** Why a variable that is set does nothing; undefined where it does something. */
export function reasonUnused(variable: string, config: Config): string | undefined {
  const other = another(variable, config)
  if (other !== undefined) return other
  const rule = needs.find(([variables, isMissing]) => variables.test(variable) && isMissing(config))
  return rule && `not used: ${rule[2]}`
}
