import { hostname } from 'node:os'
import type { Result } from '../../core/check.ts'
import { createHealth } from '../../health.ts'
import { toBody } from '../../http/response.ts'
import { nodeTransports } from '../../platforms/node/transports.ts'
import { type EnvironmentOptions, readEnvironment } from '../check/environment.ts'
import { readExpectedSchema } from '../check/expected-schema.ts'
import { didYouMean } from '../suggest.ts'
import { withSpinner } from '../terminal/spinner.ts'
import { painter } from '../terminal/terminal.ts'
import { UsageError } from '../usage-error.ts'
import { cheaperPlans } from './cheaper.ts'
import { estimate } from './estimate.ts'
import { pricesOf } from './list-prices.ts'
import { planOf } from './plan-of.ts'
import { type Diagnosis, renderDiagnosis } from './render.ts'
import { tryRights } from './rights.ts'
import { readSchedules } from './schedules.ts'
import { effectsOf } from './variables.ts'

interface DoctorOptions extends EnvironmentOptions {
  readonly expected?: string | undefined
  /** Seconds between two requests of the monitor; without it there is none. */
  readonly every?: number | undefined
  /** From how many places the monitor asks. */
  readonly checkers: number
  /** The checks that the monitor asks; all where it is empty. */
  readonly asks: readonly string[]
  /** Read regions of the Redis database. */
  readonly regions: number
  readonly json: boolean
}

/**
 * Says what the configuration leads to, asks each dependency once, and says which rights are missing and what a month costs.
 *
 * @returns the exit code: 1 when a check fails
 */
export async function doctor(options: DoctorOptions): Promise<number> {
  const environment = readEnvironment(options)
  const expected = readExpectedSchema(options.expected)
  const health = createHealth({
    environment,
    ...(expected && { expected }),
    transports: nodeTransports,
    write: () => {},
  })
  const { config } = health
  const schedules = readSchedules(process.cwd(), options.env)
  const monitor = monitorOf(options, config.checkers)
  const { report, rights } = await withSpinner('asking', async () => ({
    report: await health.check({ hostname: hostname() }),
    rights: await tryRights(config, expected),
  }))
  const plan = planOf(config, {
    crons: schedules.crons,
    monitor,
    workers: workersIn(report.results) ?? config.celery?.expectedWorkers ?? 1,
    regions: options.regions,
  })
  const now = estimate(plan)
  const diagnosis: Diagnosis = {
    variables: effectsOf(environment, config),
    answer: toBody(report, true),
    rights,
    month: { pricesOf, schedules, monitor, estimate: now, cheaper: cheaperPlans(plan, now) },
  }
  const lines = options.json
    ? [JSON.stringify(diagnosis)]
    : renderDiagnosis(diagnosis, painter(process.stdout))
  process.stdout.write(`${lines.join('\n')}\n`)
  return report.passed ? 0 : 1
}

function monitorOf({ every, checkers, asks }: DoctorOptions, names: readonly string[]) {
  if (every === undefined) return undefined
  const wrong = asks.find((name) => !names.includes(name))
  if (wrong !== undefined) {
    throw new UsageError(`--asks: there is no check of this name${didYouMean(wrong, names)}.`)
  }
  return { everySeconds: every, checkers, asks: asks.length > 0 ? asks : names }
}

/** How many Celery workers have answered. */
function workersIn(results: readonly Result[]): number | undefined {
  const answered = results.find(({ checker }) => checker === 'celery')?.details?.['answered']
  return typeof answered === 'number' ? answered : undefined
}
