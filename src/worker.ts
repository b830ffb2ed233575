import type { ApplicationOptions } from './application.ts'
import type { Environment } from './config/reader.ts'
import { createHealthCheckOn } from './health-check.ts'
import { keepOptions } from './options-of.ts'
import type { Hyperdrive } from './platforms/cloudflare/hyperdrive.ts'
import { cloudflare } from './platforms/cloudflare/platform.ts'

/** The part of the platform's context that is used here. */
interface ExecutionContext {
  waitUntil(work: Promise<unknown>): void
}

/** The part of a cron trigger's call that is used here. */
interface ScheduledController {
  /** The trigger as wrangler.toml writes it. */
  readonly cron: string
}

/**
 * What an application on Workers brings along.
 *
 * @example
 * const options: WorkerOptions = { expected, hyperdrive: hyperdrive() }
 */
export interface WorkerOptions extends ApplicationOptions {
  /** Asks Postgres through Hyperdrive instead of over HTTP: `hyperdrive()` of `edge-health-check/hyperdrive`. */
  readonly hyperdrive?: Hyperdrive
}

/**
 * The health check as a Cloudflare Worker.
 *
 * @example
 * import { createWorker } from 'edge-health-check/worker'
 * import expected from '../.edge-health/expected.json'
 *
 * export default createWorker({ expected })
 */
export function createWorker(options: WorkerOptions = {}) {
  const { app, scheduled } = createHealthCheckOn(cloudflare(options.hyperdrive), options).healthCheck
  const worker = {
    async fetch(request: Request, environment: Environment, context: ExecutionContext): Promise<Response> {
      const waitUntil = (work: Promise<unknown>) => context.waitUntil(work)
      return app.fetch(request, environment, { waitUntil, passThroughOnException() {}, props: {} })
    },
    async scheduled(controller: ScheduledController, environment: Environment): Promise<void> {
      await scheduled(controller, environment)
    },
  }
  return keepOptions(worker, options)
}
