import type { Scope } from '../../checks/migrations/expected-schema.ts'
import type { MigrationSet } from '../migrations/read-migrations.ts'
import type { WholeCatalog } from '../whole-catalog.ts'
import { type Applied, type ApplyOptions, applyMigrations } from './apply-migrations.ts'
import { askCatalog } from './ask-catalog.ts'
import { type PGlite, startEmbeddedPostgres } from './embedded-postgres.ts'
import { inhabited, newestOid } from './inhabited.ts'
import type { LedgerTable } from './ledger.ts'
import { type Prelude, runPrelude } from './run-prelude.ts'
import { createRun } from './script.ts'
import { isUsersSchema } from './users-schema.ts'

interface ReplayOptions extends ApplyOptions {
  readonly ledger: LedgerTable
  /** What {@link Replayed.provided} is asked with; without it, it is not asked. */
  readonly compared?: Pick<Scope, 'partitions' | 'optionalKinds'>
  /** SQL that will be run later in the same database: what it creates of extensions is loaded too. */
  readonly later?: readonly string[]
}

export interface Replayed {
  readonly database: PGlite
  readonly applied: Applied
  /**
   * Public, the schemas that the migrations and the expected preludes made, and those of other preludes in which they made
   * something. That of the migrations table is among them when it holds more than that table.
   */
  readonly schemas: readonly string[]
  /** The extensions that they made. */
  readonly extensions: readonly string[]
  /** What the other preludes made, in every schema; undefined when there is none. */
  readonly provided: WholeCatalog | undefined
}

/** Every text that the replay runs: what its extensions are found in. */
export function replayedSql({ migrations }: MigrationSet, preludes: readonly Prelude[]): string[] {
  return [...preludes, ...migrations].map(({ sql }) => sql)
}

/** Makes what the migrations make, in an empty embedded Postgres. The caller closes it. */
export async function replayMigrations(
  set: MigrationSet,
  preludes: readonly Prelude[],
  { compared, later = [], ...options }: ReplayOptions,
): Promise<Replayed> {
  const [expected, others] = [preludes.filter(isExpected), preludes.filter((prelude) => !isExpected(prelude))]
  const database = await startEmbeddedPostgres([...replayedSql(set, preludes), ...later])
  try {
    const run = createRun(database, options.ledger)
    for (const prelude of others) await runPrelude(run, prelude)
    const before = await placesOf(database)
    const newestBefore = await newestOid(database)
    const provided =
      others.length > 0 && compared
        ? await askCatalog(database, { ...compared, schemas: before.schemas, extensions: [] })
        : undefined
    for (const prelude of expected) await runPrelude(run, prelude)
    const applied = await applyMigrations(database, set, { ...options, before: run })
    const after = await placesOf(database)
    const schemas = made(before.schemas, after.schemas).filter((schema) => schema !== 'public')
    const { ledger } = options
    const isMore = (await inhabited(database, [ledger.schema], ledger)).length > 0
    const providedSchemas = before.schemas.filter((schema) => schema !== 'public')
    const filled = await inhabited(database, providedSchemas, ledger, newestBefore)
    return {
      database,
      applied,
      schemas: ['public', ...schemas.filter((schema) => schema !== ledger.schema || isMore), ...filled],
      extensions: made(before.extensions, after.extensions),
      provided,
    }
  } catch (error) {
    await database.close()
    throw error
  }
}

const isExpected = (prelude: Prelude) => prelude.isExpected === true

interface Places {
  readonly schemas: readonly string[]
  readonly extensions: readonly string[]
}

async function placesOf(database: PGlite): Promise<Places> {
  const names = async (query: string) =>
    (await database.query<{ name: string }>(`${query} order by 1`)).rows.map(({ name }) => name)
  return {
    schemas: await names(
      `select nspname::text collate "C" as name from pg_namespace where ${isUsersSchema('nspname')}`,
    ),
    extensions: await names(`select extname::text collate "C" as name from pg_extension`),
  }
}

function made(before: readonly string[], after: readonly string[]): string[] {
  return after.filter((name) => !before.includes(name))
}
