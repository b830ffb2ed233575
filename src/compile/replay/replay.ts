import { CompileError, messageOf } from '../compile-error.ts'
import type { MigrationSet } from '../migrations/read-migrations.ts'
import { type Applied, type ApplyOptions, applyMigrations } from './apply-migrations.ts'
import { type PGlite, startEmbeddedPostgres } from './embedded-postgres.ts'
import type { LedgerTable } from './ledger.ts'

/** SQL of what the platform provides, and where it came from. */
export interface Prelude {
  readonly source: string
  readonly sql: string
}

export interface Replayed {
  readonly database: PGlite
  readonly applied: Applied
  /** The schemas that the migrations made, and public; never the ledger's own. */
  readonly schemas: readonly string[]
  /** The extensions that the migrations made. */
  readonly extensions: readonly string[]
}

/** Every text that the replay runs: what its extensions are found in. */
export function replayedSql({ migrations }: MigrationSet, preludes: readonly Prelude[]): string[] {
  return [...preludes, ...migrations].map(({ sql }) => sql)
}

/** Makes what the migrations make, in an empty embedded Postgres. The caller closes it. */
export async function replayMigrations(
  set: MigrationSet,
  preludes: readonly Prelude[],
  options: ApplyOptions & { readonly ledger: LedgerTable },
): Promise<Replayed> {
  const database = await startEmbeddedPostgres(replayedSql(set, preludes))
  try {
    for (const prelude of preludes) await runPrelude(database, prelude)
    const before = await placesOf(database)
    const applied = await applyMigrations(database, set, options)
    const after = await placesOf(database)
    const schemas = made(before.schemas, after.schemas).filter(
      (schema) => schema !== options.ledger.schema && schema !== 'public',
    )
    const extensions = made(before.extensions, after.extensions)
    return { database, applied, schemas: ['public', ...schemas], extensions }
  } catch (error) {
    await database.close()
    throw error
  }
}

async function runPrelude(database: PGlite, { source, sql }: Prelude): Promise<void> {
  try {
    await database.exec(sql)
  } catch (error) {
    throw new CompileError(`${source} cannot be applied before the migrations: ${messageOf(error)}`)
  }
}

interface Places {
  readonly schemas: readonly string[]
  readonly extensions: readonly string[]
}

async function placesOf(database: PGlite): Promise<Places> {
  const names = async (query: string) =>
    (await database.query<{ name: string }>(`${query} order by 1`)).rows.map(({ name }) => name)
  return {
    schemas: await names(
      `select nspname::text collate "C" as name from pg_namespace where nspname !~ '^pg_' and nspname <> 'information_schema'`,
    ),
    extensions: await names(`select extname::text collate "C" as name from pg_extension`),
  }
}

function made(before: readonly string[], after: readonly string[]): string[] {
  return after.filter((name) => !before.includes(name))
}
