import { eventBridgeCron } from './event-bridge-cron.ts'
import { expectedSchema, type InitPlan } from './plan.ts'
import { deployedVariables, functionVariables } from './variable-texts.ts'

/** `src/lambda.ts` */
export const lambdaEntry = (): string => `import { createHandler } from 'edge-health-check/lambda'
import expected from '../${expectedSchema}'

export const handler = createHandler({ expected })
`

/** What a variable has where the environment of the deploy does not set it. Empty is unset. */
function fallbackOf(name: string, { checks }: InitPlan): string {
  if (name === 'HEALTH_CHECKS')
    return checks.join() === functionVariables.HEALTH_CHECKS.default ? '' : checks.join()
  // All instances share their results; a store needs a Redis.
  return name === 'HEALTH_STORE' && checks.includes('redis') ? 'redis' : ''
}

/** `serverless.yml`, version 3 of the format: `npx osls deploy` needs no login. */
export const serverlessYml = (plan: InitPlan): string => `service: ${plan.name}

# A deploy from here has the variables of .env. Those of its environment come first.
useDotenv: true

provider:
  name: aws
  runtime: nodejs24.x
  region: ${plan.region ?? 'us-east-1'}
  architecture: arm64
  deploymentMethod: direct
  logRetentionInDays: 30
  # Taken from the environment of the deploy, so that no secret is in a file. An empty variable counts as unset.
  environment:
${deployedVariables()
  .map((name) => `    ${name}: \${env:${name}, '${fallbackOf(name, plan)}'}`)
  .join('\n')}

custom:
  # Every run wakes a sleeping database. A Neon compute sleeps after 5 idle minutes.
  schedule: ${eventBridgeCron(plan.cron)}

functions:
  health:
    handler: dist/lambda/lambda.handler
    memorySize: 512
    # Enough for a scheduled run that checks twice and whose heartbeat is not answered (81 s at most). A request is
    # bounded by HEALTH_DEADLINE_MS.
    timeout: 90
    maximumRetryAttempts: 0
    # A public Function URL, with both permissions that AWS requires for it.
    url: true
    events:
      - schedule:
          rate: \${self:custom.schedule}
          # The function gets its own schedule from this; Sentry's monitor is made from it.
          input:
            cron: \${self:custom.schedule}

package:
  patterns:
    - '!**'
    - dist/lambda/**
`
