import { type OpenVariable, type SecretVariable, ttlVariables } from '../../config/variables.ts'
import { standardCheckers } from '../../core/standard-checkers.ts'

/** What there is to say of a variable to a person. */
export interface VariableText {
  /** One plain sentence, without a full stop. */
  readonly meaning: string
  /** The value that holds when it is unset; absent where there is none, or where it depends on others. */
  readonly default?: string
  /** The check that cannot run while the value is wrong; absent where it concerns the whole function. */
  readonly check?: string
  /** Whether the function cannot do its work without it. */
  readonly required?: true
}

type FunctionVariable = SecretVariable | OpenVariable

const otherNameOf = (variable: FunctionVariable): VariableText => ({
  meaning: `Another name of ${variable}, which Vercel and Netlify set`,
  check: variable === 'DATABASE_URL' ? 'database' : 'redis',
})

/** Variables of the deployed function, in the order of the documents and of serverless.yml. */
export const functionVariables: Readonly<Record<FunctionVariable, VariableText>> = {
  DATABASE_URL: {
    meaning:
      "Postgres connection string; on Workers it has to be Neon's, unless DATABASE_HTTP_ENDPOINT is set or Hyperdrive is used",
    check: 'database',
    required: true,
  },
  POSTGRES_URL: otherNameOf('DATABASE_URL'),
  NETLIFY_DATABASE_URL: otherNameOf('DATABASE_URL'),
  DATABASE_URL_UNPOOLED: otherNameOf('DATABASE_URL'),
  POSTGRES_URL_NON_POOLING: otherNameOf('DATABASE_URL'),
  DATABASE_HTTP_ENDPOINT: {
    meaning: 'SQL-over-HTTP URL of a proxy in front of the database; https unless on this machine',
    check: 'database',
  },
  UPSTASH_REDIS_REST_URL: {
    meaning: "Redis's REST URL, which starts with https; not the redis:// URL",
    check: 'redis',
    required: true,
  },
  UPSTASH_REDIS_REST_TOKEN: {
    meaning: 'The standard token of that Redis; the read-only one cannot ask Celery workers',
    check: 'redis',
    required: true,
  },
  KV_REST_API_URL: otherNameOf('UPSTASH_REDIS_REST_URL'),
  KV_REST_API_TOKEN: otherNameOf('UPSTASH_REDIS_REST_TOKEN'),
  REDIS_URL: {
    meaning:
      'Redis over TCP where no REST URL is set, not on Workers; npm start uses it instead of the embedded one',
    check: 'redis',
  },
  CELERY_REDIS_REST_URL: {
    meaning: "REST URL of Celery's broker, when it is another Redis",
    check: 'celery',
  },
  CELERY_REDIS_REST_TOKEN: { meaning: 'The standard token of that broker', check: 'celery' },
  CELERY_REDIS_URL: {
    meaning: "Celery's broker over TCP, when it is another Redis; not on Workers",
    check: 'celery',
  },
  CELERY_PROBE: {
    meaning: 'How workers are checked: control, heartbeat or both',
    default: 'control',
    check: 'celery',
  },
  CELERY_HEARTBEAT_KEY: {
    meaning: 'The Redis key that a beat task writes',
    default: 'edge-health:celery',
    check: 'celery',
  },
  CELERY_HEARTBEAT_MAX_AGE: {
    meaning: 'How many seconds old the heartbeat may be',
    default: '180',
    check: 'celery',
  },
  CELERY_EXPECTED_WORKERS: {
    meaning: 'Fewer answers than this make the check fail',
    default: '1',
    check: 'celery',
  },
  CELERY_WORKERS: { meaning: 'Names of the nodes that must answer, as a comma list', check: 'celery' },
  CELERY_QUEUES: {
    meaning: 'Queues that at least one worker must consume, as a comma list',
    check: 'celery',
  },
  CELERY_MAX_BACKLOG: {
    meaning: 'More waiting messages in one queue than this make the check warn',
    check: 'celery',
  },
  CELERY_NO_REPLY: {
    meaning: 'warn for solo pools, which do not answer while they work',
    default: 'fail',
    check: 'celery',
  },
  CELERY_KEY_PREFIX: { meaning: 'global_keyprefix of the Celery app', check: 'celery' },
  CELERY_CONTROL_EXCHANGE: {
    meaning: 'control_exchange of the Celery app',
    default: 'celery',
    check: 'celery',
  },
  CELERY_SEPARATOR: {
    meaning:
      'sep of broker_transport_options, to count the backlog where the registered workers do not show it',
    check: 'celery',
  },
  CELERY_PRIORITY_STEPS: {
    meaning: 'priority_steps of broker_transport_options, to count the backlog and where they have no 0',
    default: '0,3,6,9',
    check: 'celery',
  },
  CELERY_TIMEOUT_MS: {
    meaning: 'How many milliseconds workers have to answer',
    default: '1000',
    check: 'celery',
  },
  MIGRATIONS_WARN: {
    meaning: 'Findings that warn instead of failing, as a comma list: `index`, `extra`, `index:missing`',
    check: 'migrations',
  },
  HEALTH_CHECKS: {
    meaning: 'Which checks exist here, in the order of the answer',
    default: standardCheckers.join(','),
  },
  HEALTH_TTL_PASS: { meaning: 'For how many seconds a good result is repeated', default: '27' },
  HEALTH_TTL_FAIL: { meaning: 'For how many seconds a failed result is repeated', default: '9' },
  HEALTH_TIMEOUT_MS: { meaning: 'How many milliseconds each check has', default: '2500' },
  HEALTH_DEADLINE_MS: { meaning: 'How many milliseconds the whole answer may take', default: '3500' },
  HEALTH_SLOW_MS: { meaning: 'A passing check that takes more milliseconds warns', default: '1500' },
  HEALTH_REDIS_WRITE: {
    meaning: 'on: the redis check also writes a key that expires in 60 s',
    default: 'off',
    check: 'redis',
  },
  HEALTH_FAILED_STATUS: { meaning: 'HTTP status when a check fails, 400 to 599', default: '503' },
  HEALTH_PUBLIC: {
    meaning: 'What callers without the token see: results, status (only the overall one) or none',
    default: 'results',
  },
  HEALTH_HOSTNAME: { meaning: 'The hostname in the answer; the service and its place when unset' },
  HEALTH_STORE: {
    meaning: 'redis: all isolates share their results through the Redis above, and one of them runs',
    default: 'off',
  },
  HEALTH_STORE_KEY: {
    meaning: 'The beginning of the keys in that Redis; edge-health and the name of the service when unset',
  },
  HEALTH_MAINTENANCE: {
    meaning:
      'Times in which alerts are muted, as a comma list: 2026-12-01T02:00Z/PT2H, Sun 02:00/PT2H Europe/Berlin',
  },
  HEALTH_TITLE: { meaning: 'The title of the status page; the name of the service when unset' },
  HEALTH_LABELS: {
    meaning:
      'What checks are called on the status page, and what a code means: database=Orders and login,timeout=Orders take longer',
  },
  HEALTH_LOGO_URL: { meaning: 'The https URL of an image on the status page' },
  HEALTH_LANGUAGE: { meaning: 'The language of the status page: en or de', default: 'en' },
  HEALTH_TOKEN: {
    meaning:
      'Callers that send this as a Bearer token get details and may ask for fresh results; at least 16 characters',
    required: true,
  },
  OH_DEAR_HEALTH_CHECK_SECRET: {
    meaning: 'Requests for ?format=ohdear have to send it, like those of Oh Dear; at least 16 characters',
  },
  SENTRY_DSN: { meaning: "The project's DSN; without one Sentry is not used" },
  SENTRY_ENVIRONMENT: { meaning: 'The environment that Sentry shows, at most 64 characters' },
  SENTRY_RELEASE: { meaning: 'The release in the answer and in Sentry' },
  SENTRY_MONITOR_SLUG: { meaning: 'The monitor of Sentry Crons that gets check-ins of the cron run' },
  SENTRY_MONITOR_SCHEDULE: { meaning: "The schedule of that monitor; the trigger's own on Workers" },
  HEARTBEAT_URL: { meaning: 'Pinged after every cron run; /fail is added to its path when a check fails' },
  ALERT_SLACK_URL: { meaning: 'Incoming webhook of Slack that gets the alerts; needs HEALTH_STORE' },
  ALERT_DISCORD_URL: { meaning: 'Webhook of a Discord channel that gets the alerts; needs HEALTH_STORE' },
  ALERT_PAGERDUTY_KEY: { meaning: 'Integration key of PagerDuty (Events API v2); needs HEALTH_STORE' },
  ALERT_WEBHOOK_URL: { meaning: 'Gets each alert as signed JSON; needs HEALTH_STORE' },
  ALERT_WEBHOOK_SECRET: { meaning: 'Signs what ALERT_WEBHOOK_URL gets; at least 16 characters' },
  ALERT_AFTER: { meaning: 'How many failed runs in a row make an alert', default: '2' },
  ALERT_RESOLVE_AFTER: { meaning: 'How many good runs in a row resolve it', default: '2' },
  ALERT_REMIND_AFTER: {
    meaning: 'After how many minutes an alert that is not resolved is said again, or off',
    default: 'off',
  },
  ALERT_WARNINGS: { meaning: 'on: warnings make alerts too', default: 'off' },
  ALERT_DETAILS: { meaning: 'on: messages name the tables and other objects that differ', default: 'off' },
}

/** Variables that only commands read. */
export const commandVariables: Readonly<
  Record<string, Pick<VariableText, 'meaning' | 'default'> & { readonly when: 'build time' | 'npm start' }>
> = {
  DRIZZLE_CONFIG: { meaning: 'Whose migrations are compiled', when: 'build time' },
  PORT: { meaning: 'Where the Worker listens', default: '8787', when: 'npm start' },
}

/** Every variable that a deployment passes on to the function, with those of the standard checks' TTLs. */
export function deployedVariables(): string[] {
  const ttls = standardCheckers.flatMap((checker) => Object.values(ttlVariables(checker)))
  return Object.keys(functionVariables).flatMap((name) =>
    name === 'HEALTH_TTL_FAIL' ? [name, ...ttls] : [name],
  )
}
