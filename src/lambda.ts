import { validateCustomChecks } from './checks/custom.ts'
import { systemClock } from './core/clock.ts'
import type { Identity } from './core/report.ts'
import { type ApplicationOptions, createHealth, type Health } from './health.ts'
import { answerRequest, answerUnknown, type LambdaResponse } from './platforms/lambda/answer.ts'
import { readCall } from './platforms/lambda/event.ts'
import { nodeTransports } from './platforms/node/transports.ts'

const loadSentry = async () => (await import('./platforms/node/sentry.ts')).sdk

/**
 * The health check as an AWS Lambda function, behind a Function URL or an HTTP API and called by a schedule.
 *
 * @example
 * import { createHandler } from 'edge-health-check/lambda'
 * import expected from '../.edge-health/expected.json' with { type: 'json' }
 *
 * export const handler = createHandler({ expected })
 */
export function createHandler(options: ApplicationOptions = {}) {
  validateCustomChecks(options.checks ?? [])
  let health: Health | undefined
  /** @throws {Error} when a scheduled run could not be made; a request is always answered */
  return async function handler(event: unknown): Promise<LambdaResponse | undefined> {
    const arrivedAt = systemClock.now()
    const call = readCall(event)
    if (call.kind === 'unknown') return answerUnknown()
    // One for each instance, not for each event: the cache lives in it.
    health ??= createHealth({ ...options, environment: process.env, loadSentry, transports: nodeTransports })
    const identity = health.identity(platformIdentity())
    if (call.kind === 'request') return answerRequest(health, { ...identity, arrivedAt }, call)
    await health.scheduled({ ...identity, schedule: call.schedule })
    return undefined
  }
}

function platformIdentity(): Identity {
  const { AWS_LAMBDA_FUNCTION_NAME: name = 'health-check', AWS_REGION: region } = process.env
  return { hostname: region ? `${name}/${region}` : name, release: undefined }
}
