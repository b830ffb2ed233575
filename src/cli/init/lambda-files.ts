import { eventBridgeCron } from './event-bridge-cron.ts'
import { expectedSchema, type InitPlan } from './plan.ts'

/** `src/lambda.ts` */
export const lambdaEntry = (): string => `import { createHandler } from 'edge-health-check/lambda'
import expected from '../${expectedSchema}'

export const handler = createHandler({ expected })
`

/** Every variable of the function; an empty one counts as unset. */
const variables = `
  DATABASE_URL
  DATABASE_HTTP_ENDPOINT
  UPSTASH_REDIS_REST_URL
  UPSTASH_REDIS_REST_TOKEN
  KV_REST_API_URL
  KV_REST_API_TOKEN
  CELERY_REDIS_REST_URL
  CELERY_REDIS_REST_TOKEN
  CELERY_PROBE
  CELERY_HEARTBEAT_KEY
  CELERY_HEARTBEAT_MAX_AGE
  CELERY_EXPECTED_WORKERS
  CELERY_WORKERS
  CELERY_QUEUES
  CELERY_MAX_BACKLOG
  CELERY_NO_REPLY
  CELERY_KEY_PREFIX
  CELERY_CONTROL_EXCHANGE
  CELERY_SEPARATOR
  CELERY_PRIORITY_STEPS
  CELERY_TIMEOUT_MS
  HEALTH_CHECKS
  HEALTH_TTL_PASS
  HEALTH_TTL_FAIL
  HEALTH_DATABASE_TTL_PASS
  HEALTH_DATABASE_TTL_FAIL
  HEALTH_MIGRATIONS_TTL_PASS
  HEALTH_MIGRATIONS_TTL_FAIL
  HEALTH_CELERY_TTL_PASS
  HEALTH_CELERY_TTL_FAIL
  HEALTH_REDIS_TTL_PASS
  HEALTH_REDIS_TTL_FAIL
  HEALTH_TIMEOUT_MS
  HEALTH_DEADLINE_MS
  HEALTH_SLOW_MS
  HEALTH_REDIS_WRITE
  HEALTH_FAILED_STATUS
  HEALTH_HOSTNAME
  HEALTH_TOKEN
  SENTRY_DSN
  SENTRY_ENVIRONMENT
  SENTRY_RELEASE
  SENTRY_MONITOR_SLUG
  SENTRY_MONITOR_SCHEDULE
  HEARTBEAT_URL
`
  .trim()
  .split(/\s+/)

/** `serverless.yml`, version 3 of the format: `npx osls deploy` needs no login. */
export const serverlessYml = (plan: InitPlan): string => `service: ${plan.name}

provider:
  name: aws
  runtime: nodejs24.x
  region: ${plan.region ?? 'us-east-1'}
  architecture: arm64
  deploymentMethod: direct
  logRetentionInDays: 30
  # Taken from the environment of the deploy, so that no secret stands in a file.
  environment:
${variables.map((name) => `    ${name}: \${env:${name}, ''}`).join('\n')}

custom:
  # Every run wakes a sleeping database. A Neon compute sleeps after 5 idle minutes.
  schedule: ${eventBridgeCron(plan.cron)}

functions:
  health:
    handler: dist/lambda/lambda.handler
    memorySize: 512
    # For a scheduled run that asks twice and whose heartbeat is not answered (81 s at most). A request is bounded by
    # HEALTH_DEADLINE_MS.
    timeout: 90
    maximumRetryAttempts: 0
    # A Function URL that anybody may call, with both permissions that AWS requires for it.
    url: true
    events:
      - schedule:
          rate: \${self:custom.schedule}
          # The function cannot see its own schedule otherwise; Sentry's monitor is made from it.
          input:
            cron: \${self:custom.schedule}

package:
  patterns:
    - '!**'
    - dist/lambda/**
`
