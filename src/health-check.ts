import type { Context, Hono } from 'hono'
import { validateCustomChecks } from './checks/custom.ts'
import type { Environment } from './config/config.ts'
import { systemClock } from './core/clock.ts'
import { type ApplicationOptions, createHealth, type Health } from './health.ts'
import { createApp, type RequestContext } from './http/app.ts'
import { toBody } from './http/response.ts'
import type { Platform } from './platforms/platform.ts'

/**
 * What `createHealthCheck` takes.
 *
 * @example
 * const options: HealthCheckOptions = { expected, checks: [search], environment: { DATABASE_URL: 'postgresql://…' } }
 */
export interface HealthCheckOptions extends ApplicationOptions {
  /** The variables. [the bindings on Workers, `process.env` elsewhere] */
  readonly environment?: Environment
}

/**
 * The body of the health check, with details: what a caller with the token is answered.
 *
 * @example
 * const failing = (body: HealthBody) => body.results.filter(({ passed }) => !passed).map(({ checker }) => checker)
 */
export type HealthBody = ReturnType<typeof toBody>

/**
 * The health check as part of an application.
 *
 * @example
 * const mount = (health: HealthCheck) => new Hono().route('/internal', health.app)
 */
export interface HealthCheck {
  /** Answers `/health-check` and what is below it, for `app.route`, or alone by its `fetch`. */
  readonly app: Hono
  /**
   * Runs every check as a cron trigger does, and tells the log, Sentry and the heartbeat. On Workers it is the Worker's own
   * `scheduled`.
   *
   * @param trigger its schedule as the platform writes it, `{ cron: '0 * * * *' }`
   * @param bindings the variables on Workers
   * @throws {Error} when the checks could not be run; a check that fails is an answer
   */
  scheduled(trigger?: { readonly cron?: string }, bindings?: Environment): Promise<void>
  /**
   * Asks every check once, with no cache and no notifiers, and returns what a caller with the token would be answered.
   * @param bindings the variables on Workers
   */
  check(bindings?: Environment): Promise<HealthBody>
}

/** @throws {TypeError} for checks that cannot be told apart, when the application starts and not at night */
export function createHealthCheckOn(platform: Platform, options: HealthCheckOptions = {}) {
  validateCustomChecks(options.checks ?? [])
  let health: Health | undefined
  // One for each isolate or process, not for each request: the cache lives in it. Bindings do not change under an isolate.
  const healthOf = (environment: Environment): Health => {
    health ??= createHealth({ ...options, environment, loadSentry: platform.loadSentry })
    return health
  }
  const environmentOf = (bindings: unknown) => options.environment ?? platform.environmentOf(bindings)
  const contextOf = (request: Context, arrivedAt: number, environment: Environment): RequestContext => ({
    ...healthOf(environment).identity(platform.identityOf(environment, request.req.raw)),
    arrivedAt,
    waitUntil: waitUntilOf(request) ?? platform.waitUntil,
  })
  const healthCheck: HealthCheck = {
    app: createApp((request) => {
      const arrivedAt = systemClock.now()
      const environment = environmentOf(request.env)
      return { options: healthOf(environment).answering, context: contextOf(request, arrivedAt, environment) }
    }),
    async scheduled(trigger, bindings) {
      const environment = environmentOf(bindings)
      const { scheduled, identity } = healthOf(environment)
      const { sunday } = platform
      await scheduled({ ...identity(platform.identityOf(environment)), schedule: trigger?.cron, sunday })
    },
    async check(bindings) {
      const environment = environmentOf(bindings)
      return toBody(await healthOf(environment).check(platform.identityOf(environment)), true)
    },
  }
  const deadlineMs = () => healthOf(environmentOf(undefined)).config.timing.deadlineMs
  return { healthCheck, deadlineMs }
}

/** That of the ExecutionContext; undefined where the server has none, which Hono says by throwing. */
function waitUntilOf(request: Context): RequestContext['waitUntil'] | undefined {
  try {
    const context = request.executionCtx
    return (work) => context.waitUntil(work)
  } catch {
    return undefined
  }
}
