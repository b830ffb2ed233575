import type { Scope } from '../checks/migrations/expected-schema.ts'
import { CompileError } from './compile-error.ts'
import type { CompileOptions } from './options.ts'
import type { Sources } from './project/sources.ts'
import type { LedgerTable } from './replay/ledger.ts'
import type { Replayed } from './replay/replay.ts'

/**
 * What is compared of what the migrations made. A schema that is left out is told of: somebody may have chosen so
 * before it was made, and drizzle-kit's `generate` makes it whatever the `schemaFilter` says.
 * @throws CompileError for a schema that is not there after the replay: where nothing is compared, nothing differs
 */
export async function findScope(
  options: CompileOptions,
  sources: Sources,
  { database, schemas: made, extensions }: Replayed,
): Promise<{ scope: Scope; warnings: string[] }> {
  const schemas = sources.schemas ?? made
  const source = options.schemas ? '--schemas' : 'the `schemaFilter` of the drizzle.config'
  const existing = await namesIn(database, 'select nspname::text as name from pg_namespace')
  const missing = schemas.filter((schema) => !existing.includes(schema))
  if (missing.length > 0) {
    throw new CompileError(
      `There is no schema ${missing.join(', ')} after the migrations, which ${source} names: name those to compare with --schemas NAMES, or supply what your platform provides with --prelude FILE.`,
    )
  }
  const without = made.filter((schema) => !schemas.includes(schema))
  const leftOut = without.length > 0 ? await inhabited(database, without, sources.ledger) : []
  const scope: Scope = {
    schemas,
    partitions: options.includePartitions ?? false,
    extensions,
    optionalKinds: sources.optionalKinds,
  }
  const warnings = leftOut.map(
    (schema) => `The schema ${schema} is not compared: the migrations make it, and ${source} leaves it out.`,
  )
  return { scope, warnings }
}

/** Those that hold anything but the ledger and what extensions brought. */
function inhabited(
  database: Replayed['database'],
  schemas: readonly string[],
  ledger: LedgerTable,
): Promise<string[]> {
  return namesIn(
    database,
    `select distinct nspname::text collate "C" as name
    from (
      select oid, relnamespace as namespace, relname as name from pg_class where relkind <> 'i'
      union all select oid, typnamespace, typname from pg_type where typtype in ('e', 'd')
      union all select oid, pronamespace, proname from pg_proc
    ) object
    join pg_namespace on pg_namespace.oid = namespace
    where nspname = any($1)
      and not (nspname = $2 and name in ($3::text, $3::text || '_id_seq'))
      and not exists (select from pg_depend where objid = object.oid and deptype = 'e')
    order by 1`,
    [schemas, ledger.schema, ledger.table],
  )
}

async function namesIn(database: Replayed['database'], text: string, values?: unknown[]): Promise<string[]> {
  return (await database.query<{ name: string }>(text, values)).rows.map(({ name }) => name)
}
