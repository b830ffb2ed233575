import { hostname } from 'node:os'
import { createHealth } from '../../health.ts'
import { toBody } from '../../http/response.ts'
import { nodeTransports } from '../../platforms/node/transports.ts'
import type { AnsweredResult } from '../smoke/answer.ts'
import { didYouMean } from '../suggest.ts'
import { withSpinner } from '../terminal/spinner.ts'
import { renderTable } from '../terminal/table.ts'
import { harmless, painter } from '../terminal/terminal.ts'
import { UsageError } from '../usage-error.ts'
import { readEntry } from './entry.ts'
import { type EnvironmentOptions, readEnvironment } from './environment.ts'
import { readExpectedSchema } from './expected-schema.ts'
import { wholeFixes } from './fixes/whole-fixes.ts'
import { printFixSql } from './print-fix-sql.ts'

export interface CheckOptions extends EnvironmentOptions {
  /** Names of the checks to run, also of those that HEALTH_CHECKS leaves out; those of HEALTH_CHECKS when empty. */
  readonly check: readonly string[]
  readonly expected?: string | undefined
  /** The file that exports the function, whose own checks are run too. */
  readonly entry?: string | undefined
  readonly json: boolean
  /** Print the fixes of the migrations check as SQL, and nothing else. */
  readonly fixSql: boolean
}

/**
 * Runs the configured checks once, from here, with no cache and no notifiers, and prints them with their details.
 *
 * @returns the exit code: 1 when a check fails
 */
export async function check(options: CheckOptions): Promise<number> {
  if (options.fixSql) return printFixSql(options)
  const environment = readEnvironment(options)
  const entry = options.entry === undefined ? {} : await readEntry(options.entry)
  const expected = readExpectedSchema(options.expected) ?? entry.expected
  const health = createHealth({
    environment: entry.environment ?? environment,
    ...(expected && { expected }),
    ...(entry.checks && { checks: entry.checks }),
    terminal: { fixes: wholeFixes },
    transports: nodeTransports,
    // What is wrong stands in the table; the log is for functions.
    write: () => {},
  })
  assertNames(options.check, health.available)
  const names = options.check.length > 0 ? options.check : undefined
  for (const { variable, sentence } of health.config.mistakes) {
    if (names && variable === 'HEALTH_CHECKS') console.error(`Warning: ${sentence}`)
  }
  const report = await withSpinner('asking', () => health.check({ hostname: hostname() }, names))
  const body = toBody(report, true)
  const lines = options.json ? [JSON.stringify(body)] : text(body.results)
  process.stdout.write(`${lines.join('\n')}\n`)
  return report.passed ? 0 : 1
}

function assertNames(names: readonly string[], available: readonly string[]): void {
  const wrong = names.find((name) => !available.includes(name))
  if (wrong === undefined) return
  throw new UsageError(
    `unknown check '${harmless(wrong)}'${didYouMean(wrong, available)}: the checks are ${available.join(', ')}`,
  )
}

function text(results: readonly AnsweredResult[]): string[] {
  const paint = painter(process.stdout)
  const failing = results.filter(({ passed }) => !passed).map(({ checker }) => checker)
  const verdict =
    failing.length > 0 ? `${paint('red', 'unhealthy')}: ${failing.join(', ')}` : paint('green', 'healthy')
  return [...renderTable(results, paint), '', verdict]
}
