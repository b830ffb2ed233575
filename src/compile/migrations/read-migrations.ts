import { existsSync } from 'node:fs'
import { CompileError } from '../compile-error.ts'
import { migrationFolders, readFolderLayout } from './folder-layout.ts'
import { journalPath, readJournalLayout } from './journal-layout.ts'
import type { Migration } from './migration.ts'

/** `journal`: drizzle-kit up to 0.31. `folders`: drizzle-kit 1.0. */
export type Layout = 'journal' | 'folders'

export interface MigrationSet {
  readonly directory: string
  readonly layout: Layout
  /** In the order in which Drizzle applies them to an empty database. */
  readonly migrations: readonly Migration[]
  /** One line each. */
  readonly warnings: readonly string[]
}

/** Whether there is anything in the directory that Drizzle would call migrations. */
export function hasMigrations(directory: string): boolean {
  return (
    existsSync(directory) && (existsSync(journalPath(directory)) || migrationFolders(directory).length > 0)
  )
}

/** Reads a folder of migrations in either layout. @throws CompileError when it is not one, or not a complete one. */
export function readMigrations(directory: string): MigrationSet {
  if (!existsSync(directory)) {
    throw new CompileError(
      `There is no folder ${directory}: name the folder of your migrations with --migrations.`,
    )
  }
  const layout = existsSync(journalPath(directory)) ? 'journal' : 'folders'
  const migrations = layout === 'journal' ? readJournalLayout(directory) : readFolderLayout(directory)
  if (migrations.length === 0) {
    throw new CompileError(
      `There are no migrations in ${directory}: run \`drizzle-kit generate\`, or name another folder with --migrations.`,
    )
  }
  return { directory, layout, migrations, warnings: warningsOf(directory, layout, migrations) }
}

function warningsOf(directory: string, layout: Layout, migrations: readonly Migration[]): string[] {
  if (layout === 'folders') return []
  const mixed = migrationFolders(directory).length > 0
  return [
    ...outOfOrder(migrations),
    ...(mixed
      ? [
          `${directory} has a journal and folders of drizzle-kit 1.0: the journal is read, the folders are not. Drizzle 1.0 asks for \`drizzle-kit up\`.`,
        ]
      : []),
  ]
}

/**
 * Drizzle applies what is newer than the newest row of the ledger (drizzle-orm/pg-core/dialect.ts, migrate): an entry
 * that is not newer than one before it is applied to an empty database only.
 */
function outOfOrder(migrations: readonly Migration[]): string[] {
  const warnings: string[] = []
  let newest: Migration | undefined
  for (const migration of migrations) {
    if (newest && migration.when <= newest.when) {
      warnings.push(
        `${migration.tag} (${timeOf(migration)}) is not newer than ${newest.tag} (${timeOf(newest)}) before it: Drizzle skips it for ever on a database that has ${newest.tag}, and applies it to an empty one.`,
      )
    } else {
      newest = migration
    }
  }
  return warnings
}

function timeOf(migration: Migration): string {
  const date = new Date(migration.when)
  return Number.isNaN(date.getTime()) ? String(migration.when) : date.toISOString()
}
