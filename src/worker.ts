import { validateCustomChecks } from './checks/custom.ts'
import type { Environment } from './config/config.ts'
import { systemClock } from './core/clock.ts'
import { type ApplicationOptions, createHealth, type Health } from './health.ts'
import type { Hyperdrive } from './platforms/cloudflare/hyperdrive.ts'
import { platformIdentity } from './platforms/cloudflare/identity.ts'

/** The part of the platform's context that is used here. */
interface ExecutionContext {
  waitUntil(work: Promise<unknown>): void
}

/** The part of a cron trigger's call that is used here. */
interface ScheduledController {
  /** The trigger as wrangler.toml writes it. */
  readonly cron: string
}

const loadSentry = async () => (await import('./platforms/cloudflare/sentry.ts')).sdk

/** What an application on Workers brings along. */
export interface WorkerOptions extends ApplicationOptions {
  /**
   * Asks Postgres through Hyperdrive instead of over HTTP: `hyperdrive()` of `edge-health-check/hyperdrive`.
   *
   * @example
   * export default createWorker({ expected, hyperdrive: hyperdrive() })
   */
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
export function createWorker({ hyperdrive, ...options }: WorkerOptions = {}) {
  validateCustomChecks(options.checks ?? [])
  let health: Health | undefined
  // One for each isolate, not for each request: the cache lives in it. Bindings do not change under an isolate.
  const healthOf = (environment: Environment) => {
    health ??= createHealth({ ...options, loadSentry, ...(hyperdrive?.(environment) ?? { environment }) })
    return health
  }
  return {
    async fetch(request: Request, environment: Environment, context: ExecutionContext): Promise<Response> {
      const arrivedAt = systemClock.now()
      const { app, identity } = healthOf(environment)
      return app.fetch(request, {
        ...identity(platformIdentity(environment, request)),
        arrivedAt,
        waitUntil: (work) => context.waitUntil(work),
      })
    },
    async scheduled(controller: ScheduledController, environment: Environment): Promise<void> {
      const { scheduled, identity } = healthOf(environment)
      await scheduled({ ...identity(platformIdentity(environment)), schedule: controller.cron })
    },
  }
}
