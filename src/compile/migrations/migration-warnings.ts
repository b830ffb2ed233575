import { migrationFolders } from './folder-layout.ts'
import type { Migration } from './migration.ts'
import type { MigrationSet } from './read-migrations.ts'

/** What should be looked at in a folder of migrations, one line each. */
export function migrationWarnings({
  directory,
  layout,
  migrations,
  unlisted,
}: Omit<MigrationSet, 'warnings'>): string[] {
  const never = unlisted.map((name) => neverRun(directory, layout, name))
  if (layout === 'folders') return never
  const mixed = migrationFolders(directory).length > 0
  return [
    ...outOfOrder(migrations),
    ...never,
    ...(mixed
      ? [
          `${directory} has a journal and folders of drizzle-kit 1.0: the journal is read, the folders are not. Drizzle 1.0 asks for \`drizzle-kit up\`.`,
        ]
      : []),
  ]
}

/** Not `drizzle-kit generate`: it would make a second migration of the same change. */
function neverRun(directory: string, layout: MigrationSet['layout'], name: string): string {
  if (layout === 'folders') {
    return `${name} is in ${directory} but not a migration.sql in a folder of its own: Drizzle never runs it. Move it into a folder YYYYMMDDhhmmss_name as migration.sql, or delete it.`
  }
  return `${name} is in ${directory}, but meta/_journal.json does not name it: Drizzle never runs it. Add an entry for it to the journal, with a "when" that is newer than all others, or delete the file.`
}

/**
 * Drizzle applies what is newer than the newest row of its migrations table (drizzle-orm/pg-core/dialect.ts, migrate):
 * an entry that is not newer than one before it is applied to an empty database only.
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
