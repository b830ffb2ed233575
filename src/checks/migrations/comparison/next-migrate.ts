import type { ExpectedMigration, ExpectedSchema } from '../expected-schema.ts'
import type { MigrationsTableRow } from '../queries/state.ts'

/** What `migrate` of Drizzle 1.0 makes of rows that another version wrote. */
export interface NextMigrate {
  /** How many rows it finds no file for while it gives them names: it then throws, and runs nothing. */
  readonly refused?: number
  /** Files that it runs again, because their rows have no name. */
  readonly runsAgain?: readonly string[]
}

/**
 * Drizzle 1.0 decides by names. To a table without the column `name` it adds that first, and pairs the rows with the files: by
 * the second, among files of one second by hash, and where no file has that second by hash alone. It throws when a row is left
 * over (drizzle-orm 1.0.0-rc.5, up-migrations/pg.ts, upToV1). In a table that has the column, it passes
 * over a row of no file and a row without a name (migrator.utils.ts, getMigrationsToRun).
 */
export function nextMigrate(
  { migrations, layout }: Pick<ExpectedSchema, 'migrations' | 'layout'>,
  rows: readonly MigrationsTableRow[],
  rowsOf: (migration: ExpectedMigration) => readonly MigrationsTableRow[],
): NextMigrate {
  if (layout !== '1.0') return {}
  if (rows.every(({ name }) => name === undefined)) {
    const refused = unpairedBy(migrations, rows)
    return refused > 0 ? { refused } : {}
  }
  const runsAgain = migrations
    .filter((migration) => {
      const own = rowsOf(migration)
      return own.length > 0 && own.every(({ name }) => name === null)
    })
    .map(({ tag }) => tag)
  return runsAgain.length > 0 ? { runsAgain } : {}
}

function unpairedBy(migrations: readonly ExpectedMigration[], rows: readonly MigrationsTableRow[]): number {
  const bySecond = Map.groupBy(migrations, ({ when }) => when)
  const hashes = new Set(migrations.map(({ hash }) => hash))
  const isPaired = ({ when, hash }: MigrationsTableRow): boolean => {
    const files = bySecond.get(Math.floor(when / 1000) * 1000)
    if (!files) return hashes.has(hash)
    return files.length === 1 || files.some((file) => file.hash === hash)
  }
  return rows.filter((row) => !isPaired(row)).length
}

/** What a person has to know before the next migration; undefined where Drizzle does as the other details say. */
export function nextMigrateNote({ refused, runsAgain }: NextMigrate): string | undefined {
  if (refused !== undefined)
    return `Drizzle 1.0 will stop before it runs anything: it gives each row the name of its file, and ${refused === 1 ? '1 row has' : `${refused} rows have`} none. Bring back the files, or delete the rows of no file from the table.`
  if (runsAgain !== undefined)
    return 'Drizzle 1.0 will run again what has a row without a name: give these rows the name of their folder.'
  return undefined
}
