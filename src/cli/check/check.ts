import { hostname } from 'node:os'
import { createHealth } from '../../health.ts'
import { toBody } from '../../report.ts'
import { withSpinner } from '../spinner.ts'
import { renderTable } from '../table.ts'
import { painter } from '../terminal.ts'
import { UsageError } from '../usage-error.ts'
import { readLocalEnvironment } from './environment.ts'
import { readExpectedSchema } from './expected-schema.ts'

export interface CheckOptions {
  /** Names of the checks to run; those of HEALTH_CHECKS when empty. */
  readonly check: readonly string[]
  readonly envFile?: string | undefined
  readonly expected?: string | undefined
  readonly json: boolean
}

/**
 * Runs the configured checks once, from here, with no cache and no sinks, and prints them with their details.
 *
 * @returns the exit code: 1 when a check fails
 */
export async function check(options: CheckOptions): Promise<number> {
  const { variables, file } = readLocalEnvironment(options.envFile, process.env)
  const health = createHealth({
    environment: withChecks(variables, options.check),
    // What is wrong stands in the table; the log is for functions.
    write: () => {},
    ...{ expected: readExpectedSchema(options.expected) },
  })
  if (
    options.check.length > 0 &&
    health.config.mistakes.some(({ variable }) => variable === 'HEALTH_CHECKS')
  ) {
    throw new UsageError(
      '--check names a check that does not exist; known: database, migrations, celery, redis.',
    )
  }
  const report = await withSpinner('asking', () => health.check({ hostname: hostname() }))
  const body = toBody(report, true)
  if (options.json) process.stdout.write(`${JSON.stringify(body)}\n`)
  else process.stdout.write(`${text(body.results, file).join('\n')}\n`)
  return report.passed ? 0 : 1
}

function withChecks(variables: Readonly<Record<string, string>>, names: readonly string[]) {
  return names.length > 0 ? { ...variables, HEALTH_CHECKS: names.join(',') } : variables
}

function text(results: Parameters<typeof renderTable>[0], file: string | undefined): string[] {
  const failing = results.filter(({ passed }) => !passed).map(({ checker }) => checker)
  const paint = painter(process.stdout)
  return [
    `asking from here, as ${file ? `${file} and the environment say` : 'the environment says'}`,
    '',
    ...renderTable(results, paint),
    '',
    failing.length > 0 ? `${paint('red', 'unhealthy')}: ${failing.join(', ')}` : paint('green', 'healthy'),
  ]
}
