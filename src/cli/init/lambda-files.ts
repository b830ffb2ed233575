import { eventBridgeCron } from './event-bridge-cron.ts'
import { expectedSchema, type InitPlan } from './plan.ts'

/** `src/lambda.ts` */
export const lambdaEntry = (): string => `import { createHandler } from 'edge-health-check/lambda'
import expected from '../${expectedSchema}'

export const handler = createHandler({ expected })
`

/** The variables that a deploy passes on when they are set; an empty one counts as unset. */
const variables = [
  'DATABASE_URL',
  'DATABASE_HTTP_ENDPOINT',
  'UPSTASH_REDIS_REST_URL',
  'UPSTASH_REDIS_REST_TOKEN',
  'CELERY_REDIS_REST_URL',
  'CELERY_REDIS_REST_TOKEN',
  'HEALTH_CHECKS',
  'HEALTH_TOKEN',
  'HEARTBEAT_URL',
  'SENTRY_DSN',
  'SENTRY_ENVIRONMENT',
  'SENTRY_RELEASE',
] as const

/** `serverless.yml`, version 3 of the format: `npx osls deploy` needs no login. */
export const serverlessYml = (plan: InitPlan): string => `service: ${plan.name}

provider:
  name: aws
  runtime: nodejs24.x
  region: ${plan.region ?? 'us-east-1'}
  architecture: arm64
  # The whole answer is bounded by HEALTH_DEADLINE_MS; a scheduled run may also wait for the heartbeat's retries.
  timeout: 45
  memorySize: 512
  environment:
${variables.map((name) => `    ${name}: \${env:${name}, ''}`).join('\n')}

package:
  patterns:
    - '!**'
    - dist/**
    - package.json

functions:
  health:
    handler: dist/lambda.handler
    url: true
    maximumRetryAttempts: 0
    events:
      # Every run wakes a sleeping database. A Neon compute sleeps after 5 idle minutes.
      - schedule: ${eventBridgeCron(plan.cron)}
`
