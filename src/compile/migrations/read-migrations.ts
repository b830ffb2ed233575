import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { CompileError } from '../compile-error.ts'
import { asDrizzleReads } from './compare-readers.ts'
import { type DrizzleReader, findDrizzleReaders, readWithDrizzle } from './drizzle-reader.ts'
import { migrationFolders, readFolderLayout } from './folder-layout.ts'
import { journalPath, readJournalLayout } from './journal-layout.ts'
import type { Migration } from './migration.ts'
import { migrationWarnings } from './migration-warnings.ts'
import { unlistedFiles } from './unlisted-files.ts'

/** `journal`: drizzle-kit up to 0.31. `folders`: drizzle-kit 1.0. */
export type Layout = 'journal' | 'folders'

export interface MigrationSet {
  readonly directory: string
  readonly layout: Layout
  /** In the order in which Drizzle applies them to an empty database. */
  readonly migrations: readonly Migration[]
  /** Names of the SQL files in the directory that Drizzle never runs. */
  readonly unlisted: readonly string[]
  /** One line each. */
  readonly warnings: readonly string[]
}

/** Whether there is anything in the directory that Drizzle would call migrations. */
export function hasMigrations(directory: string): boolean {
  return (
    existsSync(directory) && (existsSync(journalPath(directory)) || migrationFolders(directory).length > 0)
  )
}

/**
 * Reads a folder of migrations in either layout, through drizzle-orm's own `readMigrationFiles` where an installed
 * version can read it: order, time and hash are then Drizzle's. What it does not say (names, paths) is read here.
 *
 * @param projectFiles from which the project's drizzle-orm is resolved too, where the folder itself has none
 * @throws CompileError when the folder is missing, incomplete or empty, or when Drizzle reads it differently
 */
export function readMigrations(directory: string, projectFiles: readonly string[] = []): MigrationSet {
  if (!existsSync(directory)) {
    throw new CompileError(
      `There is no folder ${directory}: name the folder of your migrations with --migrations.`,
    )
  }
  const layout = existsSync(journalPath(directory)) ? 'journal' : 'folders'
  const read = layout === 'journal' ? readJournalLayout(directory) : readFolderLayout(directory)
  if (read.length === 0) {
    throw new CompileError(
      `There are no migrations in ${directory}: run \`drizzle-kit generate\`, or name another folder with --migrations.`,
    )
  }
  const readers = findDrizzleReaders([join(directory, 'migrations'), ...projectFiles])
  const { reader, files, unable } = readWithDrizzle(readers, directory)
  const migrations = reader ? asDrizzleReads(directory, read, files, reader.label) : read
  const unlisted = unlistedFiles(
    directory,
    layout,
    migrations.map(({ tag }) => tag),
  )
  const warnings = [
    ...unable
      .filter((failed) => failed.reader.isOfProject)
      .map((failed) => unreadable(directory, layout, failed)),
    ...migrationWarnings({ directory, layout, migrations, unlisted }),
  ]
  return { directory, layout, migrations, unlisted, warnings }
}

/** Each version of drizzle-orm reads one layout: 0.45 throws without a journal, 1.0 with one. */
function unreadable(
  directory: string,
  layout: Layout,
  { reader, reason }: { reader: DrizzleReader; reason: string },
): string {
  const next =
    layout === 'journal'
      ? 'run `drizzle-kit up` to convert the folder to the layout of Drizzle 1.0'
      : 'install the drizzle-orm 1.0 that belongs to your drizzle-kit'
  return `The project's ${reader.label} cannot read ${directory}, and so cannot migrate (${reason}): ${next}.`
}
