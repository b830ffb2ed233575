/**
 * `index.ts` where a bundler has the condition `workerd`, as wrangler's has: the same exports, on another platform.
 * @module
 */
import type { HealthCheck, HealthCheckOptions } from './application.ts'
import { createHealthCheckOn } from './health-check.ts'
import { cloudflare } from './platforms/cloudflare/platform.ts'

export * from './exports.ts'

/** As in `index.ts`, whose types and documentation hold here too. */
export function createHealthCheck(options: HealthCheckOptions = {}): HealthCheck {
  return createHealthCheckOn(cloudflare(options.hyperdrive), options).healthCheck
}
