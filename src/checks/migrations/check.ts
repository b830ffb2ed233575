import type { OpenPostgres } from '../../clients/interfaces.ts'
import { type Check, CheckError } from '../../core/check.ts'
import { type Clock, systemClock } from '../../core/clock.ts'
import { named } from '../named.ts'
import { compare, type Known, type Limits } from './comparison/compare.ts'
import { diffMigrationsTable } from './comparison/diff-migrations-table.ts'
import { detailsOf } from './details.ts'
import type { ExpectedSchema } from './expected-schema.ts'
import type { FindingOptions } from './findings/finding.ts'
import { createSeverityOf } from './findings/lowered-severity.ts'
import { type Evidence, outcomeOf } from './outcome.ts'
import { queryVersion } from './queries/digest.ts'

/**
 * A database and the migrations that it should have.
 *
 * @example
 * const options: MigrationsCheckOptions = { name: 'billing-migrations', expected, postgres: postgresOverHttp({ url }) }
 */
export interface MigrationsCheckOptions {
  /** The `checker` of the result, which begins its sentences unless it is the standard one. [migrations] */
  readonly name?: string
  readonly postgres: OpenPostgres<'readOnlyBatch'>
  /** What `edge-health compile` wrote: import its JSON. */
  readonly expected: object | undefined
  /** The check that asks the same database for less. [database, for a check of the standard name; else none] */
  readonly dependsOn?: string
  /** Findings that warn where they would fail: `index`, `extra`, `index:missing`. [warn=[]] */
  readonly warn?: readonly string[]
}

/** What the product itself passes in. */
interface MigrationsCheckTools {
  readonly clock?: Clock
  readonly terminal?: Terminal | undefined
}

/** What only the terminal has room for. */
export interface Terminal {
  /** Fixes that take the place of the built-in ones. */
  readonly fixes?: FindingOptions['fixes']
  /** Called with all that a run found out, before it is cut to what people read. Must not throw. */
  readonly onEvidence?: (evidence: Evidence) => void
}

/**
 * How long a fingerprint stands for a verdict, in ms. It covers what lies in the compared schemas; a definition may
 * also name what lies elsewhere, and change when that is renamed.
 */
const keptMs = 600_000

/**
 * Are the models, the migrations and the live database in sync?
 *
 * Costs one read-only batch while they are (one request, two statements), two when they are not, and up to five while
 * somebody changes the schema. Needs a role that may CONNECT, and SELECT on the ledger. What was found out is kept with
 * the fingerprint of the catalog: as long as that stays, the definitions are not read again.
 *
 * @example
 * createWorker({
 *   expected,
 *   checks: [migrationsCheck({ name: 'billing-migrations', expected, postgres: postgresOverHttp({ url }) })],
 * })
 */
export function migrationsCheck(
  { name = 'migrations', postgres, expected, warn = [], ...instance }: MigrationsCheckOptions,
  { clock = systemClock, terminal }: MigrationsCheckTools = {},
): Check {
  const dependsOn = instance.dependsOn ?? (name === 'migrations' ? 'database' : undefined)
  const options: FindingOptions = { fixes: terminal?.fixes, severityOf: createSeverityOf(warn) }
  let known: (Known & { since: number }) | undefined
  const stillKnown = () => (known && clock.monotonic() - known.since < keptMs ? known : undefined)
  return {
    name,
    ...(dependsOn !== undefined && { dependsOn }),
    async run({ signal, timeoutMs }) {
      const schema = usable(expected)
      const limits = limitsWithin(timeoutMs, clock)
      const comparison = await compare(postgres(signal), schema, limits, stillKnown(), options)
      if (comparison.known && comparison.known.fingerprint !== stillKnown()?.fingerprint)
        known = { ...comparison.known, since: clock.monotonic() }
      const { ledger = 'unread', catalog } = comparison
      const evidence: Evidence = {
        ledger: typeof ledger === 'string' ? ledger : diffMigrationsTable(schema, ledger),
        catalog,
        models: schema.models,
        unlisted: schema.unlisted ?? [],
        notComparable: schema.notComparable ?? [],
        uncompared: schema.uncompared ?? [],
      }
      terminal?.onEvidence?.(evidence)
      return named(name, 'migrations', outcomeOf(evidence, detailsOf(schema, evidence)))
    },
  }
}

function usable(imported: object | undefined): ExpectedSchema {
  const expected = imported as ExpectedSchema | undefined
  if (!expected)
    throw new CheckError(
      'not_configured',
      'there is no expected schema: run edge-health compile and deploy again',
    )
  if (expected.question !== queryVersion)
    throw new CheckError(
      'not_configured',
      'the expected schema was compiled by another version: run edge-health compile and deploy again',
    )
  return expected
}

/**
 * Each batch gets a share of what is left, so that there is time for the one that follows: Postgres then gives up
 * before the check does, and says why.
 */
function limitsWithin(timeoutMs: number, clock: Clock): Limits {
  const start = clock.monotonic()
  return () => {
    const left = Math.max(0, timeoutMs - (clock.monotonic() - start))
    return {
      statementMs: Math.max(50, Math.round(left * 0.6)),
      lockMs: Math.max(25, Math.min(500, Math.round(left * 0.25))),
    }
  }
}
