import type { ApplicationOptions } from './application.ts'
import { systemClock } from './core/clock.ts'
import { createHealthCheckOn } from './health-check.ts'
import { keepOptions } from './options-of.ts'
import { answerRequest, answerUnknown, type LambdaResponse } from './platforms/lambda/answer.ts'
import { readCall } from './platforms/lambda/event.ts'
import { lambda } from './platforms/lambda/platform.ts'

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
  const { healthCheck, deadlineMs } = createHealthCheckOn(lambda, options)
  /** @throws {Error} when a scheduled run could not be made; a request is always answered */
  async function handler(event: unknown): Promise<LambdaResponse | undefined> {
    const arrivedAt = systemClock.now()
    const call = readCall(event)
    if (call.kind === 'unknown') return answerUnknown()
    if (call.kind === 'request') return answerRequest(healthCheck.app, call, () => arrivedAt + deadlineMs())
    await healthCheck.scheduled(call.schedule === undefined ? {} : { cron: call.schedule })
    return undefined
  }
  return keepOptions(handler, options)
}
