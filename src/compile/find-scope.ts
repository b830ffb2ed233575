import type { Scope } from '../checks/migrations/expected-schema.ts'
import { CompileError } from './compile-error.ts'
import { tablesMadeForRows } from './made-for-rows.ts'
import { matchSchemas } from './match-schemas.ts'
import { findNotComparable } from './not-comparable.ts'
import type { CompileOptions } from './options.ts'
import { findOwnerPolicies } from './owner-policies.ts'
import type { Sources } from './project/sources.ts'
import { inhabited } from './replay/inhabited.ts'
import type { Replayed } from './replay/replay.ts'
import { findUncompared } from './uncompared.ts'

/**
 * What is compared of what the migrations made. A schema that is left out is warned of: the choice may be older than the
 * schema, and drizzle-kit's `generate` makes it whatever the `schemaFilter` says.
 * @throws CompileError for a schema that is not there after the replay: where nothing is compared, nothing differs
 */
export async function findScope(
  options: CompileOptions,
  sources: Sources,
  { database, schemas: made, extensions, applied }: Replayed,
): Promise<{ scope: Scope; warnings: string[] }> {
  const schemas = sources.schemas ? matchSchemas(sources.schemas, made) : made
  const source = options.schemas ? '--schemas' : 'the `schemaFilter` of the drizzle.config'
  const existing = await namesIn(database, 'select nspname::text as name from pg_namespace')
  const missing = schemas.filter((schema) => !existing.includes(schema))
  if (missing.length > 0) {
    throw new CompileError(
      `There is no schema ${missing.join(', ')} after the migrations, which ${source} names: name those to compare with --schemas NAMES, or make it before the migrations with --prelude FILE (\`create schema ${missing[0]}; set search_path = ${missing[0]};\` where the migrations name no schema).`,
    )
  }
  const without = made.filter((schema) => !schemas.includes(schema))
  const leftOut = without.length > 0 ? await inhabited(database, without, sources.ledger) : []
  const unknown = await findNotComparable(database, applied.missing, sources.ignore)
  const { uncompared, warnings: unasked } = await findUncompared(database, schemas, sources)
  const replayed = [...sources.preludes, ...applied.migrations].map(({ sql }) => sql)
  const madeForRows = tablesMadeForRows(replayed)
  const ownerPolicies = await findOwnerPolicies(database, replayed, sources.ledger)
  const scope: Scope = {
    schemas,
    partitions: options.includePartitions ?? false,
    ...ownerPolicies,
    ...(madeForRows.length > 0 && { madeForRows }),
    extensions,
    optionalKinds: sources.optionalKinds,
    ledger: sources.ledger,
    ...unknown.scope,
    ...(uncompared.length > 0 && { uncompared }),
    ...(sources.ignore.length > 0 && { ignore: sources.ignore }),
    ...(sources.tablesFilter.length > 0 && { tablesFilter: sources.tablesFilter }),
  }
  const warnings = leftOut.map(
    (schema) => `The schema ${schema} is not compared: the migrations make it, and ${source} leaves it out.`,
  )
  return { scope, warnings: [...warnings, ...unknown.warnings, ...unasked] }
}

async function namesIn(database: Replayed['database'], text: string, values?: unknown[]): Promise<string[]> {
  return (await database.query<{ name: string }>(text, values)).rows.map(({ name }) => name)
}
