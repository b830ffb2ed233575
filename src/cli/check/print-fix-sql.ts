import { hostname } from 'node:os'
import type { ExpectedSchema } from '../../checks/migrations/expected-schema.ts'
import type { Evidence } from '../../checks/migrations/outcome.ts'
import { secretsOf } from '../../config/config.ts'
import { createSecretRemover } from '../../core/scrub.ts'
import { createHealth } from '../../health.ts'
import { nodeTransports } from '../../platforms/node/transports.ts'
import { withSpinner } from '../terminal/spinner.ts'
import { UsageError } from '../usage-error.ts'
import type { CheckOptions } from './check.ts'
import { readEnvironment } from './environment.ts'
import { readExpectedSchema } from './expected-schema.ts'
import { fixSql } from './fix-sql.ts'

/**
 * Runs the migrations check from here and prints its fixes as SQL, which is never run.
 *
 * @returns the exit code: 1 when the check fails
 */
export async function printFixSql(options: CheckOptions): Promise<number> {
  if (options.json) throw new UsageError('--fix-sql prints SQL and --json prints JSON: choose one.')
  if (options.check.some((name) => name !== 'migrations'))
    throw new UsageError('--fix-sql asks the check migrations alone: leave the other names away.')
  const environment = readEnvironment(options)
  const expected = readExpectedSchema(options.expected) as ExpectedSchema | undefined
  let evidence: Evidence | undefined
  const health = createHealth({
    environment,
    ...(expected && { expected }),
    write: () => {},
    transports: nodeTransports,
    terminal: {
      onEvidence(found) {
        evidence = found
      },
    },
  })
  const report = await withSpinner('asking', () => health.check({ hostname: hostname() }, ['migrations']))
  const verdict = report.results.map(({ output, code }) => `${output} (${code})`).join('; ')
  const sql = fixSql({
    verdict,
    evidence,
    parts: expected?.parts ?? [],
    removeSecrets: createSecretRemover(secretsOf(environment), Number.POSITIVE_INFINITY),
  })
  process.stdout.write(sql)
  // The text goes into a file: who waits for it sees the verdict here.
  process.stderr.write(`migrations: ${verdict}\n`)
  return report.passed ? 0 : 1
}
