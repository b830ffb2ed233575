import type { Migration } from '../compile/migrations/migration.ts'
import type { Database } from '../compile/replay/database.ts'
import type { LedgerTable } from '../compile/replay/ledger.ts'
import type { Missing } from '../compile/replay/missing-extension.ts'
import { type Catalog, readCatalog } from './compatibility/catalog.ts'
import { type Driver, usesOneTransaction } from './driver.ts'
import { newerSyntax } from './newer-syntax.ts'
import { createRoles } from './pending/production-roles.ts'
import { runPending } from './pending/run-pending.ts'
import { type PendingFile, readPendingFile } from './pending/statement.ts'
import type { Step } from './pending/step.ts'
import type { ProductionSettings } from './production/settings.ts'

/** What has to be known to run what is pending as production would. */
interface MeasureInput {
  readonly pending: readonly Migration[]
  readonly skip: RegExp | undefined
  readonly ledger: LedgerTable
  readonly driver: Driver
  readonly settings: ProductionSettings
  /** As {@link catalogBefore} has read it. */
  readonly before: Catalog
}

/** What was seen while it ran. */
export interface Measured {
  readonly files: readonly PendingFile[]
  readonly steps: readonly Step[]
  readonly before: Catalog
  /** After each file. */
  readonly catalogs: readonly { readonly tag: string; readonly catalog: Catalog }[]
}

/** What the replay of production has before anything that is pending, with the roles of production. */
export async function catalogBefore(
  database: Database,
  { settings, ledger }: Pick<MeasureInput, 'settings' | 'ledger'>,
): Promise<Catalog> {
  await createRoles(database, settings.roles ?? [])
  return readCatalog(database, ledger)
}

/**
 * Runs what is pending in a database that has the rest, and reads the catalog after each file.
 *
 * @param missing what the replay had to do without
 */
export async function measurePending(
  database: Database,
  missing: Missing,
  { pending, skip, ledger, driver, settings, before }: MeasureInput,
): Promise<Measured> {
  const files = pending.map((migration) => readPendingFile(migration, skip))
  await database.query(`select set_config('timezone', $1, false)`, [settings.timeZone])
  const catalogs: { tag: string; catalog: Catalog }[] = []
  const steps = await runPending(database, files, {
    oneTransaction: usesOneTransaction(driver),
    missing,
    roles: settings.roles,
    onFile: async (file) => {
      const { tag } = file.migration
      // To a database with nothing in it everything is new, whichever file makes it.
      if (before.relations.length === 0 && file !== files.at(-1)) return
      catalogs.push({ tag, catalog: await readCatalog(database, ledger) })
    },
  })
  const functions = [before, ...catalogs.map(({ catalog }) => catalog)].flatMap((each) => each.functions)
  const withSyntax = steps.map((step) => withNewerSyntax(step, settings.version, functions))
  return { files, steps: withSyntax, before, catalogs }
}

/** The embedded Postgres is newer than most servers, and accepts what they refuse. */
function withNewerSyntax(step: Step, serverVersion: number, functions: readonly string[]): Step {
  const name = newerSyntax(step.statement.text, serverVersion, functions)
  if (name === undefined) return step
  const message = `${name} is unknown to Postgres ${Math.floor(serverVersion / 10_000)}`
  return { ...step, problems: [...step.problems, { kind: 'fails', message }] }
}
