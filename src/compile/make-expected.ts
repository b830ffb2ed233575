import type { ExpectedSchema, Scope } from '../checks/migrations/expected-schema.ts'
import { messageOf } from './compile-error.ts'
import { expectedMigrations } from './expected-migrations.ts'
import { findScope } from './find-scope.ts'
import { isMissing } from './is-missing.ts'
import type { MigrationSet } from './migrations/read-migrations.ts'
import { type JudgedModels, judgeModels } from './models/judge-models.ts'
import type { CompileOptions } from './options.ts'
import type { Sources } from './project/sources.ts'
import { providedKeys } from './provided.ts'
import { askCatalog } from './replay/ask-catalog.ts'
import { type Replayed, replayedSql, replayMigrations } from './replay/replay.ts'
import { restoreCopy } from './replay/restore.ts'
import {
  noTableWarnings,
  oldServerWarnings,
  pulledFileWarnings,
  replayWarnings,
  rolesNote,
} from './summary.ts'
import { expectedCatalog } from './whole-catalog.ts'

export interface Made {
  readonly schema: ExpectedSchema
  readonly models: JudgedModels
  readonly notes: readonly string[]
  readonly warnings: readonly string[]
}

/** Replays the migrations, asks what they made, and judges the models meanwhile. */
export async function makeExpected(
  options: CompileOptions,
  sources: Sources,
  set: MigrationSet,
): Promise<Made> {
  const stop = new AbortController()
  // The models are judged by another process, meanwhile.
  const judging = judgeModels(sources.models, sources.casing, set, stop.signal)
  judging.catch(() => {})
  let replayed: Replayed | undefined
  try {
    replayed = await replayMigrations(set, sources.preludes, {
      ledger: sources.ledger,
      skip: sources.skip,
      compared: { partitions: options.includePartitions ?? false, optionalKinds: sources.optionalKinds },
      onApplied: (_, applied, all) => options.onProgress?.(`replaying migration ${applied} of ${all}`),
    })
    const { scope: whole, warnings: leftOut } = await findScope(options, sources, replayed)
    const scope = await withoutProvided(replayed, whole)
    const asked = await askTwice(options, sources, set, replayed, scope)
    options.onProgress?.('comparing the models')
    const models = await judging
    const schema: ExpectedSchema = {
      ...scope,
      serverVersion: asked.serverVersion,
      ledger: sources.ledger,
      layout: set.layout === 'journal' ? '0.31' : '1.0',
      migrations: expectedMigrations(set.migrations),
      models: models.verdict,
      ...(set.unlisted.length > 0 && { unlisted: set.unlisted }),
      ...asked.catalog,
    }
    const warnings = [
      ...pulledFileWarnings(set, sources.preludes),
      ...replayWarnings(replayed),
      ...noTableWarnings(schema),
      ...leftOut,
      ...asked.warnings,
      ...oldServerWarnings(options, schema),
    ]
    return { schema, models, notes: rolesNote(replayed), warnings }
  } finally {
    stop.abort()
    await replayed?.database.close()
  }
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
) {
  options.onProgress?.('asking the catalog')
  const made = await askCatalog(database, scope)
  const { rows } = await database.query<{ version: number }>(
    `select current_setting('server_version_num')::int as version`,
  )
  const serverVersion = rows[0]?.version ?? 0
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
