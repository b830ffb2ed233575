import { CompileError } from '../../compile/compile-error.ts'
import { readMigrations } from '../../compile/migrations/read-migrations.ts'
import { findSources } from '../../compile/project/sources.ts'
import { secretsOf } from '../../config/config.ts'
import { CheckError } from '../../core/check.ts'
import { createScrub, createSecretRemover } from '../../core/scrub.ts'
import { runGate } from '../../gate/gate.ts'
import { askState } from '../../gate/production/ask.ts'
import { splitApplied } from '../../gate/split-applied.ts'
import { readEnvironment } from '../check/environment.ts'
import { toCompileOptions } from '../compile/options.ts'
import { withSpinner } from '../terminal/spinner.ts'
import { UsageError } from '../usage-error.ts'
import { type GateWords, readAllowances, readDriver, readThresholds } from './options.ts'
import { exitCodes, type GateOutcome } from './outcome.ts'
import { type CheckedProduction, checkProduction, openProduction } from './production.ts'
import { writeOutcome } from './write-outcome.ts'

/**
 * Measures what the pending migrations would do, and prints it.
 *
 * @returns the exit code
 * @throws {UsageError} for words, variables or migrations that cannot be used
 */
export async function gate(words: GateWords): Promise<number> {
  const environment = readEnvironment(words)
  const removeSecrets = createSecretRemover(secretsOf(environment), Number.POSITIVE_INFINITY)
  try {
    const outcome = await withSpinner('measuring', () => judgeProduction(words, environment))
    writeOutcome(outcome, words, removeSecrets)
    return exitCodes[outcome.verdict]
  } catch (error) {
    if (error instanceof CompileError) throw new UsageError(removeSecrets(error.message))
    throw error
  }
}

async function judgeProduction(
  words: GateWords,
  environment: ReturnType<typeof readEnvironment>,
): Promise<GateOutcome> {
  const { allow, driver: named, ...rest } = words
  const thresholds = readThresholds(words)
  const allowances = readAllowances(allow)
  const options = toCompileOptions(rest)
  const sources = await findSources(options)
  const driver = readDriver(named, sources.driver)
  const set = readMigrations(sources.migrations)
  const open = openProduction(environment)
  const controller = new AbortController()
  let checked: CheckedProduction | undefined
  try {
    const client = open(controller.signal)
    const { ledger, settings } = await askState(client, sources.ledger)
    if (ledger === 'denied') return { verdict: 'not_asked', reason: deniedReason(sources.ledger) }
    const { applied, pending } = splitApplied(set, ledger === 'absent' ? [] : ledger)
    if (pending.length === 0) return { verdict: 'pass', pending: 0 }
    const report = await runGate({
      ...{ options, sources, set, applied, pending, driver, client, allowances, ...thresholds },
      settings: withEnvironment(settings),
      isAsExpected: async (expected) => {
        checked = await checkProduction(environment, expected)
        if (checked.state === 'not asked') throw new CheckError('error', checked.result.output)
        return checked.state === 'same'
      },
    })
    if (!report) return { verdict: 'differs', check: checked?.result }
    return { verdict: report.verdict, pending: pending.length, report, check: checked?.result }
  } catch (error) {
    if (!(error instanceof CheckError)) throw error
    if (error.code === 'not_configured') throw new UsageError(error.message)
    const reason = createScrub(secretsOf(environment))(error.message)
    return { verdict: 'not_asked', reason, check: checked?.result }
  } finally {
    controller.abort()
  }
}

const deniedReason = ({ schema, table }: { schema: string; table: string }) =>
  `the role may not SELECT from ${schema}.${table}: docs/least-privilege.md has the statements`

/** What node-postgres takes from the environment of the migrating command, which is this one in a deploy. */
function withEnvironment<Settings extends { hasLockTimeout: boolean }>(settings: Settings): Settings {
  const isSet = /lock_timeout\s*=\s*['"]?[1-9]/.test(process.env['PGOPTIONS'] ?? '')
  return isSet ? { ...settings, hasLockTimeout: true } : settings
}
