import type { HealthCheck, HealthCheckOptions } from './application.ts'
import { createHealthCheckOn } from './health-check.ts'
import { node } from './platforms/node/platform.ts'

export type { HealthBody, HealthCheck, HealthCheckOptions } from './application.ts'
/**
 * What an application imports: `createHealthCheck` to mount the health check in a Hono app, and what checks of its own need.
 * A function of its own is made by `edge-health-check/worker` (Cloudflare Workers) or `edge-health-check/lambda` (AWS Lambda), a
 * server of its own by `edge-health-check/node`.
 * @module
 */
export { type BullmqCheckOptions, bullmqCheck } from './checks/ready/bullmq.ts'
export { type HttpCheckOptions, httpCheck } from './checks/ready/http.ts'
export { type ProviderCheckOptions, providerCheck } from './checks/ready/provider.ts'
export { type QueueCheckOptions, queueCheck } from './checks/ready/queue.ts'
export { redisOverRest } from './clients/redis.ts'
export type {
  Code,
  CustomCheck as Check,
  CustomCheckContext as CheckContext,
  Details,
  FaultCode,
  Outcome,
  Result,
  Status,
} from './core/check.ts'
export { CheckError } from './core/check.ts'

/**
 * The health check as part of an application: on Workers, Node, Bun, Deno or Vercel, at any path. The variables are the
 * application's bindings on Workers, and `process.env` elsewhere. One instance keeps the results until they expire, so make it once
 * and not for each request.
 *
 * @throws {TypeError} for checks that cannot be told apart or cannot run, in a sentence that says what to change
 * @example
 * import { createHealthCheck } from 'edge-health-check'
 * import { Hono } from 'hono'
 *
 * const health = createHealthCheck({ expected })
 * const app = new Hono()
 * app.route('/internal', health.app) // GET /internal/health-check
 */
export function createHealthCheck(options: HealthCheckOptions = {}): HealthCheck {
  return createHealthCheckOn(node, options).healthCheck
}
