import type { ExpectedMigration, ExpectedSchema } from '../expected-schema.ts'
import type { MigrationsTableRow } from '../queries/state.ts'
import { type NextMigrate, nextMigrate } from './next-migrate.ts'

/**
 * What Drizzle's ledger says against the migration files, as sets. All are tags or times in the files' order.
 *
 * Drizzle compares neither hashes nor counts (drizzle-orm, `dialect.migrate`): 0.31 runs every file that is newer than
 * the newest row, 1.0 every file whose name no row has. So what it will never run, or ran in another form, is here.
 */
export interface MigrationsTableDiff extends NextMigrate {
  /** Will run with the next `drizzle-kit migrate`. */
  readonly pending: readonly string[]
  /** Has no row and is not newer than the newest one: Drizzle skips it for ever. */
  readonly outOfOrder: readonly string[]
  /** Ran when the file said something else. */
  readonly edited: readonly string[]
  /** Ran when the file had other line endings. */
  readonly lineEndings: readonly string[]
  /** Ran, but the journal now gives it another time. */
  readonly retimed: readonly string[]
  /** Has more than one row. */
  readonly duplicate: readonly string[]
  /** Rows of no file, older than our newest file: names, or times in ISO 8601. */
  readonly unknown: readonly string[]
  /** Rows of no file, newer than our newest file: the application is ahead of this function. */
  readonly ahead: readonly string[]
}

/** What {@link diffMigrationsTable} says of a ledger in sync. */
export const nothingDiffers: MigrationsTableDiff = {
  pending: [],
  outOfOrder: [],
  edited: [],
  lineEndings: [],
  retimed: [],
  duplicate: [],
  unknown: [],
  ahead: [],
}

/**
 * Pairs rows with files (by name where both have one, else by time, then by hash) and sorts out what is left.
 *
 * Drizzle 1.0 names its folders by the second, and the rows that 0.31 wrote have milliseconds: where 1.0 has been, times
 * are compared to the second, as its own upgrade of the table does (drizzle-orm 1.0, up-migrations/pg.ts, upToV1). It
 * decides by names, so the time of a row with a name says nothing.
 */
export function diffMigrationsTable(
  { migrations, layout }: Pick<ExpectedSchema, 'migrations' | 'layout'>,
  rows: readonly MigrationsTableRow[],
): MigrationsTableDiff {
  const timeOf = layout === '1.0' || rows.some(({ name }) => name !== undefined) ? toSecond : exact
  if (isInLine(migrations, rows, timeOf)) return nothingDiffers
  const { rowsOf, unpaired } = pair(migrations, rows, timeOf)
  const newestFile = Math.max(...migrations.map(({ when }) => timeOf(when)))
  const newestRow = Math.max(...rows.map(({ when }) => when).filter(Number.isFinite))
  const skipped = (migration: ExpectedMigration) => layout === '0.31' && migration.when <= newestRow
  const tags = (holds: (migration: ExpectedMigration, rows: readonly MigrationsTableRow[]) => boolean) =>
    migrations.filter((migration) => holds(migration, rowsOf.get(migration) ?? [])).map(({ tag }) => tag)
  const ran = (form: Form) =>
    tags((migration, rows) => rows.length > 0 && formThatRan(migration, rows) === form)
  return {
    pending: tags((migration, rows) => rows.length === 0 && !skipped(migration)),
    outOfOrder: tags((migration, rows) => rows.length === 0 && skipped(migration)),
    edited: ran('edited'),
    lineEndings: ran('line endings'),
    retimed: tags(
      ({ when }, rows) =>
        rows.length > 0 && rows.every((row) => row.name == null && timeOf(row.when) !== timeOf(when)),
    ),
    duplicate: tags((_, rows) => rows.length > 1),
    unknown: unpaired.filter(({ when }) => !(timeOf(when) > newestFile)).map(nameOfRow),
    ahead: unpaired.filter(({ when }) => timeOf(when) > newestFile).map(nameOfRow),
    ...nextMigrate({ migrations, layout }, rows, (migration) => rowsOf.get(migration) ?? []),
  }
}

type TimeOf = (when: number) => number

const exact: TimeOf = (when) => when
const toSecond: TimeOf = (when) => Math.floor(when / 1000)

/** Whether every file has its row, one for one and in order: so it is nearly always, and a Worker saves 0.5 ms of CPU time. */
const isInLine = (
  migrations: readonly ExpectedMigration[],
  rows: readonly MigrationsTableRow[],
  timeOf: TimeOf,
): boolean =>
  rows.length === migrations.length &&
  migrations.every(({ when, hash, name }, index) => {
    const row = rows[index]
    if (row?.hash !== hash || timeOf(row.when) !== timeOf(when)) return false
    // Where the name is null, Drizzle 1.0 sees no row.
    return row.name === undefined || name === undefined || row.name === name
  })

/** Files may share a time or a text: among equals a row belongs to one that has no row yet. */
function pair(migrations: readonly ExpectedMigration[], rows: readonly MigrationsTableRow[], timeOf: TimeOf) {
  const named = index(migrations, ({ name }) => (name === undefined ? [] : [name]))
  const timed = index(migrations, ({ when }) => [timeOf(when)])
  const same = index(migrations, ({ hash, otherLineEndings }) => [hash, ...otherLineEndings])
  const rowsOf = new Map<ExpectedMigration, MigrationsTableRow[]>()
  const unpaired: MigrationsTableRow[] = []
  for (const row of rows) {
    const byTime = timed.get(timeOf(row.when)) ?? []
    // Where both have names, nothing else counts for Drizzle: it runs a renamed folder again.
    const candidates =
      row.name != null && named.size > 0
        ? named.get(row.name)
        : [
            byTime.filter((migration) => formOf(migration, row) !== 'edited'),
            byTime,
            same.get(row.hash) ?? [],
          ].find(({ length }) => length > 0)
    const migration = candidates?.find((candidate) => !rowsOf.has(candidate)) ?? candidates?.[0]
    if (migration) rowsOf.set(migration, [...(rowsOf.get(migration) ?? []), row])
    else unpaired.push(row)
  }
  return { rowsOf, unpaired }
}

function index<T, K>(values: readonly T[], keysOf: (value: T) => readonly K[]): Map<K, T[]> {
  const map = new Map<K, T[]>()
  for (const value of values) {
    for (const key of keysOf(value)) map.set(key, [...(map.get(key) ?? []), value])
  }
  return map
}

type Form = 'as it is' | 'line endings' | 'edited'

function formOf(migration: ExpectedMigration, row: MigrationsTableRow): Form {
  if (row.hash === migration.hash) return 'as it is'
  return migration.otherLineEndings.includes(row.hash) ? 'line endings' : 'edited'
}

/** A file that ran twice ran in its best form. */
function formThatRan(migration: ExpectedMigration, rows: readonly MigrationsTableRow[]): Form {
  const forms = rows.map((row) => formOf(migration, row))
  return (['as it is', 'line endings'] as const).find((form) => forms.includes(form)) ?? 'edited'
}

function nameOfRow({ name, when }: MigrationsTableRow): string {
  if (name != null) return name
  return Number.isFinite(when) && Math.abs(when) <= 8.64e15
    ? new Date(when).toISOString()
    : 'a row without a time'
}
