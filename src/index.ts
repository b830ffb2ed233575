import type { HealthCheck, HealthCheckOptions } from './application.ts'
import { createHealthCheckOn } from './health-check.ts'
import { node } from './platforms/node/platform.ts'

/**
 * What an application imports: `createHealthCheck` to mount the health check in a Hono app, and what checks of its own need.
 * A function of its own is made by `edge-health-check/worker` (Cloudflare Workers) or `edge-health-check/lambda` (AWS Lambda), a
 * server of its own by `edge-health-check/node`.
 * @module
 */
export * from './exports.ts'

/**
 * The health check as part of an application: on Workers, Node, Bun, Deno or Vercel, at any path. The variables are the
 * application's bindings on Workers, and `process.env` elsewhere. One instance keeps the results until they expire, so make it once
 * and not for each request.
 *
 * @throws {TypeError} for checks that have the same name or cannot run, in a sentence that says what to change
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
