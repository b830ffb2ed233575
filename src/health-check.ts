import type { Context } from 'hono'
import type { HealthCheck, HealthCheckOptions } from './application.ts'
import { validateCustomChecks } from './checks/custom.ts'
import type { Environment } from './config/config.ts'
import { systemClock } from './core/clock.ts'
import { createHealth, type Health } from './health.ts'
import { createApp, type RequestContext } from './http/app.ts'
import { toBody } from './http/response.ts'
import { keepOptions } from './options-of.ts'
import type { Platform } from './platforms/platform.ts'

/** @throws {TypeError} for checks that have the same name, when the application starts and not at night */
export function createHealthCheckOn(platform: Platform, options: HealthCheckOptions = {}) {
  validateCustomChecks(options.checks ?? [])
  let health: Health | undefined
  // One for each isolate or process, not for each request: the cache lives in it. Bindings do not change under an isolate.
  const healthOf = (environment: Environment): Health => {
    health ??= createHealth({
      ...options,
      ...(platform.connect?.(environment) ?? { environment }),
      loadSentry: platform.loadSentry,
    })
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
  return { healthCheck: keepOptions(healthCheck, options), deadlineMs }
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
