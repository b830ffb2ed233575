import { diffMigrationsTable } from '../checks/migrations/comparison/diff-migrations-table.ts'
import type { MigrationsTableRow } from '../checks/migrations/queries/state.ts'
import { expectedLayout, expectedMigrations } from '../compile/expected-migrations.ts'
import type { Migration } from '../compile/migrations/migration.ts'
import type { MigrationSet } from '../compile/migrations/read-migrations.ts'

/** The files that production has, and those that the next `migrate` runs there. */
interface SplitMigrations {
  readonly applied: readonly Migration[]
  readonly pending: readonly Migration[]
  /** Tags of files that Drizzle skips for ever on this database. */
  readonly outOfOrder: readonly string[]
}

/** By Drizzle's own rule: 0.31 runs what is newer than the newest row, 1.0 what no row names. */
export function splitApplied(set: MigrationSet, rows: readonly MigrationsTableRow[]): SplitMigrations {
  const { pending, outOfOrder } = diffMigrationsTable(
    { migrations: expectedMigrations(set.migrations), layout: expectedLayout(set) },
    rows,
  )
  return {
    pending: set.migrations.filter(({ tag }) => pending.includes(tag)),
    applied: set.migrations.filter(({ tag }) => !pending.includes(tag) && !outOfOrder.includes(tag)),
    outOfOrder,
  }
}
