import type { Migration } from '../migrations/migration.ts'
import type { MigrationSet } from '../migrations/read-migrations.ts'
import { applyFile } from './apply-file.ts'
import type { Database } from './database.ts'
import { leaveOut } from './leave-out.ts'
import {
  createLedger,
  defaultLedger,
  type LedgerTable,
  pendingMigrations,
  recordMigration,
} from './ledger.ts'
import { migrationFault } from './migration-fault.ts'
import { goWithout, type Missing } from './missing-extension.ts'
import { createRun, type Run, type Script } from './script.ts'

export interface ApplyOptions {
  /** Drizzle's table of applied migrations. [ledger=drizzle.__drizzle_migrations] */
  readonly ledger?: LedgerTable
  /** Statements that match are not run. */
  readonly skip?: RegExp | undefined
  /** What a prelude before them left: it is gone on with. */
  readonly before?: Pick<Run, 'missing' | 'warnings'>
  /** Called after each file. */
  readonly onApplied?: (migration: Migration, applied: number, all: number) => void
}

export interface Applied {
  readonly migrations: readonly Migration[]
  /** Roles that the migrations need and no migration had created; they exist now. */
  readonly createdRoles: readonly string[]
  /** Predefined collations that they need and the embedded Postgres does not have; they exist now. */
  readonly createdCollations: readonly string[]
  /** The files that `skip` left something out of. */
  readonly skipped: readonly Skipped[]
  readonly missing: Missing
  /** One line each. */
  readonly warnings: readonly string[]
}

interface Skipped {
  readonly tag: string
  /** How many statements were left out, and how many the file has. */
  readonly statements: number
  readonly of: number
}

/**
 * Applies what Drizzle would apply, and keeps the migrations table as Drizzle does. Unlike Drizzle's own migrator for
 * PGlite, it runs every chunk by the simple protocol, as node-postgres does, so that a chunk may hold several statements,
 * and one transaction for each file, so that a file may use the enum value that the file before it added.
 * @throws CompileError that names the file, the statement and what Postgres says
 */
export async function applyMigrations(
  database: Database,
  { migrations, layout }: Pick<MigrationSet, 'migrations' | 'layout'>,
  { ledger = defaultLedger, skip, before, onApplied }: ApplyOptions = {},
): Promise<Applied> {
  await createLedger(database, ledger, layout)
  const pending = await pendingMigrations(database, migrations, ledger, layout)
  const sql = migrations.map((migration) => migration.sql)
  const run = { ...createRun(database, ledger), ...before, sql }
  const skipped: Skipped[] = []
  for (const [index, migration] of pending.entries()) {
    const { parts, statementsLeftOut, statements, extensionsLeftOut } = leaveOut(migration, skip)
    if (statementsLeftOut > 0) {
      await goWithout(database, run.missing, extensionsLeftOut)
      skipped.push({ tag: migration.tag, statements: statementsLeftOut, of: statements })
    }
    await applyFile(run, scriptOf(run, migration, migrations), parts)
    onApplied?.(migration, index + 1, pending.length)
  }
  // A migration may leave settings, another role or temporary tables behind in this session.
  await database.exec('discard all')
  const { createdRoles, createdCollations, missing, warnings } = run
  return { migrations: pending, createdRoles, createdCollations, skipped, missing, warnings }
}

function scriptOf(
  { database, ledger, missing }: Run,
  migration: Migration,
  migrations: readonly Migration[],
): Script {
  return {
    name: migration.tag,
    async finish() {
      // Owners are not compared: a role that the file has taken on ends with it, since it may not write the ledger.
      await database.exec('reset session authorization; reset role')
      await recordMigration(database, migration, ledger)
    },
    fault: (statement, error) => migrationFault(migration, statement, error, migrations, missing.extensions),
  }
}
