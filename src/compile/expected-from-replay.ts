import type { ExpectedSchema, Scope } from '../checks/migrations/expected-schema.ts'
import { messageOf } from './compile-error.ts'
import { expectedLayout, expectedMigrations } from './expected-migrations.ts'
import { findScope } from './find-scope.ts'
import { isMissing } from './is-missing.ts'
import type { MigrationSet } from './migrations/read-migrations.ts'
import type { CompileOptions } from './options.ts'
import type { Sources } from './project/sources.ts'
import { providedKeys } from './provided.ts'
import { askCatalog } from './replay/ask-catalog.ts'
import { type Replayed, replayedSql } from './replay/replay.ts'
import { restoreCopy } from './replay/restore.ts'
import { expectedCatalog } from './whole-catalog.ts'

/**
 * What is expected of a database that has these migrations, by their replay.
 *
 * @param judge what is known of the models, asked when the catalog has been
 * @param restore whether a dump and restore is tried too: without it, what Postgres prints differently after one differs
 */
export async function expectedFromReplay<Judged extends { readonly verdict: ExpectedSchema['models'] }>(
  options: CompileOptions,
  sources: Sources,
  set: MigrationSet,
  replayed: Replayed,
  judge: () => Promise<Judged>,
  restore = true,
): Promise<{ schema: ExpectedSchema; models: Judged; warnings: string[] }> {
  const { scope: whole, warnings: leftOut } = await findScope(options, sources, replayed)
  const scope = await withoutProvided(replayed, whole)
  const asked = await askTwice(options, sources, set, replayed, scope, restore)
  const models = await judge()
  const schema: ExpectedSchema = {
    ...scope,
    serverVersion: asked.serverVersion,
    ledger: sources.ledger,
    layout: expectedLayout(set),
    migrations: expectedMigrations(set.migrations),
    models: models.verdict,
    ...(set.unlisted.length > 0 && { unlisted: set.unlisted }),
    ...asked.catalog,
  }
  return { schema, models, warnings: [...leftOut, ...asked.warnings] }
}

async function withoutProvided({ database, provided }: Replayed, scope: Scope): Promise<Scope> {
  if (!provided) return scope
  return { ...scope, provided: providedKeys(provided, await askCatalog(database, scope)) }
}

/** Asks the replay, and again after a dump and restore: what Postgres then prints differently is accepted too. */
async function askTwice(
  options: CompileOptions,
  sources: Sources,
  set: MigrationSet,
  { database }: Replayed,
  scope: Scope,
  restore: boolean,
) {
  options.onProgress?.('asking the catalog')
  const made = await askCatalog(database, scope)
  const { rows } = await database.query<{ version: number }>(
    `select current_setting('server_version_num')::int as version`,
  )
  const serverVersion = rows[0]?.version ?? 0
  if (!restore) return { serverVersion, catalog: expectedCatalog(made), warnings: [] }
  options.onProgress?.('dumping and restoring')
  try {
    const copy = await restoreCopy(database, replayedSql(set, sources.preludes))
    try {
      return { serverVersion, catalog: expectedCatalog(made, await askCatalog(copy, scope)), warnings: [] }
    } finally {
      await copy.close()
    }
  } catch (error) {
    if (isMissing(error)) throw error
    const warning = `The replay could not be dumped and restored (${messageOf(error)}): on a database that was, an expression that Postgres then prints differently will count as changed.`
    return { serverVersion, catalog: expectedCatalog(made), warnings: [warning] }
  }
}
