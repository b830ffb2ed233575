/**
 * What an application gives and gets: the public types of every entry. They lead to no SDK, whose types would need those of its
 * platform in every application that compiles without `skipLibCheck`.
 * @module
 */
import type { Hono } from 'hono'
import type { Environment } from './config/reader.ts'
import type { CustomCheck } from './core/check.ts'
import type { toBody } from './http/response.ts'
import type { Hyperdrive } from './platforms/cloudflare/hyperdrive.ts'

/**
 * What an application brings along.
 *
 * @example
 * const options: ApplicationOptions = { expected, checks: [search] }
 */
export interface ApplicationOptions {
  /** What `edge-health compile` wrote: import its JSON. Without it the migrations check is not configured. */
  readonly expected?: object
  /** Checks of your own; they come after the standard ones unless HEALTH_CHECKS gives another order. */
  readonly checks?: readonly CustomCheck[]
}

/**
 * What `createHealthCheck` takes.
 *
 * @example
 * const options: HealthCheckOptions = { expected, checks: [search], environment: { DATABASE_URL: 'postgresql://…' } }
 */
export interface HealthCheckOptions extends ApplicationOptions {
  /** The variables. [the bindings on Workers, `process.env` elsewhere] */
  readonly environment?: Environment
  /** In a Worker: asks Postgres through Hyperdrive, `hyperdrive()` of `edge-health-check/hyperdrive`. */
  readonly hyperdrive?: Hyperdrive
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
   * Runs every check as a cron trigger does, and notifies the log, Sentry and the heartbeat. On Workers it is the Worker's own
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
