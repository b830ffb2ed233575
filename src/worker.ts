import { validateCustomChecks } from './checks/custom.ts'
import type { Environment } from './config/config.ts'
import type { Identity } from './core/report.ts'
import { type ApplicationOptions, createHealth, type Health } from './health.ts'
import type { RequestContext } from './http/app.ts'

/** The part of the platform's context that is used here. */
interface ExecutionContext {
  waitUntil(work: Promise<unknown>): void
}

/** The part of a cron trigger's call that is used here. */
interface ScheduledController {
  /** The trigger as wrangler.toml writes it. */
  readonly cron: string
}

/** `[version_metadata] binding = "CF_VERSION_METADATA"` of wrangler.toml. */
interface VersionMetadata {
  readonly id?: string
  readonly tag?: string
}

const loadSentry = async () => (await import('./platforms/cloudflare/sentry.ts')).sdk

/**
 * The health check as a Cloudflare Worker.
 *
 * @example
 * import { createWorker } from 'edge-health-check/worker'
 * import expected from '../.edge-health/expected.json'
 *
 * export default createWorker({ expected })
 */
export function createWorker(options: ApplicationOptions = {}) {
  validateCustomChecks(options.checks ?? [])
  let health: Health | undefined
  let answering: Identity | undefined
  // One for each isolate, not for each request: the cache lives in it. Bindings do not change under an isolate.
  const healthOf = (environment: Environment) => {
    health ??= createHealth({ ...options, environment, loadSentry })
    return health
  }
  return {
    async fetch(request: Request, environment: Environment, context: ExecutionContext): Promise<Response> {
      const arrivedAt = Date.now()
      const { app, identity } = healthOf(environment)
      // An isolate stays where it is, and reading `cf` costs much of an answer from the cache.
      answering ??= identity(platformIdentity(environment, coloOf(request)))
      const bindings: RequestContext = {
        ...answering,
        arrivedAt,
        waitUntil: (work) => context.waitUntil(work),
      }
      return app.fetch(request, bindings)
    },
    async scheduled(controller: ScheduledController, environment: Environment): Promise<void> {
      const { scheduled, identity } = healthOf(environment)
      await scheduled({ ...identity(platformIdentity(environment, undefined)), schedule: controller.cron })
    },
  }
}

function platformIdentity(environment: Environment, colo: string | undefined): Identity {
  const { tag, id } = (environment['CF_VERSION_METADATA'] ?? {}) as VersionMetadata
  return {
    hostname: colo ? `health-check/${colo.toLowerCase()}` : 'health-check',
    release: tag || id || undefined,
  }
}

/** The data centre that answers, `fra`; unknown in a cron run. */
function coloOf(request: Request & { cf?: { colo?: unknown } }): string | undefined {
  return typeof request.cf?.colo === 'string' ? request.cf.colo : undefined
}
