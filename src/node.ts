import process from 'node:process'
import type { HealthCheck, HealthCheckOptions } from './application.ts'
import { secretsOf } from './config/config.ts'
import type { Environment } from './config/reader.ts'
import { systemClock } from './core/clock.ts'
import { createScrub } from './core/scrub.ts'
import { thrownText } from './core/thrown-text.ts'
import { createHealthCheckOn } from './health-check.ts'
import { createLog } from './notify/log.ts'
import { runByTimetable } from './platforms/node/cron.ts'
import { onLostRejection } from './platforms/node/lost-rejection.ts'
import { createPendingWork } from './platforms/node/pending-work.ts'
import { node } from './platforms/node/platform.ts'
import { listen } from './platforms/node/server.ts'
import { onStopSignal } from './platforms/node/stop-signal.ts'
import { createTimetable } from './platforms/node/timetable.ts'

/**
 * What `serve` takes.
 *
 * @example
 * const options: ServeOptions = { expected, port: 8080, schedule: '0 * * * *' }
 */
export interface ServeOptions extends HealthCheckOptions {
  /** Where it listens; 0 takes any free one. [PORT, else 8080] */
  readonly port?: number
  /** The address where it listens. [all] */
  readonly host?: string
  /**
   * When the checks run by themselves, in UTC: a crontab of five fields, or `rate(15 minutes)`. Two runs never overlap. Every
   * replica has its own, so let one of several run it. `false` for none. [every 15 minutes]
   */
  readonly schedule?: string | false
}

/**
 * A server that `serve` started.
 *
 * @example
 * const address = (server: HealthServer) => `http://127.0.0.1:${server.port}/health-check`
 */
export interface HealthServer {
  readonly port: number
  /**
   * Stops as a signal does: takes no new request, ends those under way and the run of the cron, and delivers what is still to be
   * sent to Sentry. Takes at most 8 seconds.
   */
  close(): Promise<void>
}

/** How long a stop waits in all, in ms. `docker stop` kills after 10 seconds, Kubernetes after 30. */
const graceMs = 8000

const every15Minutes = '*/15 * * * *'

/**
 * The health check as a server of its own, with its own cron. SIGTERM and SIGINT end it when every answer under way has left, with
 * exit code 0; a second signal ends it at once. Needs the package `@hono/node-server`.
 *
 * @throws {TypeError} for checks that cannot run, a wrong port or schedule
 * @throws {Error} when the port cannot be listened on
 * @example
 * import { serve } from 'edge-health-check/node'
 * import expected from '../.edge-health/expected.json' with { type: 'json' }
 *
 * await serve({ expected })
 */
export async function serve(options: ServeOptions = {}): Promise<HealthServer> {
  const { healthCheck } = createHealthCheckOn(node, options)
  const log = createLog(console.log)
  const { schedule = every15Minutes, host } = options
  const timetable = schedule === false ? undefined : createTimetable(schedule, systemClock.now())
  const environment = options.environment ?? process.env
  const port = options.port ?? portOf(environment)
  const { add: waitUntil, settled } = createPendingWork()
  const context = { waitUntil, passThroughOnException() {}, props: {} }
  const server = await listen((request) => healthCheck.app.fetch(request, {}, context), { port, host })
  const scrub = createScrub(secretsOf(environment))
  const forgetRejections = onLostRejection((reason) =>
    log('error', 'a promise was rejected and nobody handled it', { reason: scrub(thrownText(reason)) }),
  )
  const cron = new AbortController()
  if (timetable && schedule) {
    const run = () => runOnce(healthCheck, schedule)
    waitUntil(runByTimetable(timetable, run, { clock: systemClock, signal: cron.signal }))
  }
  const close = once(async () => {
    forget()
    cron.abort()
    const ended = server.close().then(settled)
    const enough = new AbortController()
    await Promise.race([ended, systemClock.sleep(graceMs, enough.signal)])
    enough.abort()
    server.closeNow()
    forgetRejections()
  })
  const forget = onStopSignal(async (signal) => {
    log('info', 'stopping', { signal })
    await close()
    process.exit(0)
  })
  log('info', 'listening', { port: server.port })
  return { port: server.port, close }
}

/** A run that could not be made has said so in the log. */
const runOnce = (health: HealthCheck, cron: string): Promise<void> =>
  health.scheduled({ cron }).catch(() => {})

function once(work: () => Promise<void>): () => Promise<void> {
  let under: Promise<void> | undefined
  return () => {
    under ??= work()
    return under
  }
}

/** @throws {TypeError} which names the variable and what was expected */
function portOf({ PORT }: Environment): number {
  if (PORT === undefined || PORT === '') return 8080
  if (/^\d{1,5}$/.test(String(PORT)) && Number(PORT) <= 65_535) return Number(PORT)
  throw new TypeError('PORT: expected a number from 0 to 65535')
}
