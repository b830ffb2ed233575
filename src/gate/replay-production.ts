import type { ExpectedSchema } from '../checks/migrations/expected-schema.ts'
import { expectedFromReplay } from '../compile/expected-from-replay.ts'
import type { MigrationSet } from '../compile/migrations/read-migrations.ts'
import type { Sources } from '../compile/project/sources.ts'
import type { PGlite } from '../compile/replay/embedded-postgres.ts'
import type { Missing } from '../compile/replay/missing-extension.ts'
import { type Replayed, replayMigrations } from '../compile/replay/replay.ts'
import type { GateInput } from './gate.ts'

/** An embedded Postgres that has what production has, without its rows. */
interface ReplayedProduction {
  readonly database: PGlite
  readonly missing: Missing
  /**
   * Compares production with it.
   *
   * @param meanwhile what is asked of this database while production is asked
   * @returns what that found; undefined when production is not so
   */
  ifAsExpected<T extends object>(meanwhile: () => Promise<T>): Promise<T | undefined>
  close(): Promise<void>
}

/** Replays the applied migrations, with what the pending ones will need loaded. @throws CompileError */
export async function replayProduction(
  input: Pick<GateInput, 'options' | 'sources' | 'set' | 'applied' | 'pending' | 'isAsExpected'>,
): Promise<ReplayedProduction> {
  const { options, set, sources, applied, pending } = input
  const live: MigrationSet = { ...set, migrations: applied }
  const replayed = await replayMigrations(live, sources.preludes, {
    ledger: sources.ledger,
    skip: sources.skip,
    compared: { partitions: options.includePartitions ?? false, optionalKinds: sources.optionalKinds },
    later: pending.map(({ sql }) => sql),
    onApplied: (_, done, all) => options.onProgress?.(`replaying migration ${done} of ${all}`),
  })
  const {
    database,
    applied: { missing },
  } = replayed
  return {
    database,
    missing,
    close: () => database.close(),
    async ifAsExpected(meanwhile) {
      const expect = async (restore: boolean) => expectedBy(input, live, replayed, restore)
      const [isAsReplayed, found] = await Promise.all([input.isAsExpected(await expect(false)), meanwhile()])
      // The dump and restore costs a second, and only databases that were restored need it.
      if (isAsReplayed) return found
      const restored = await expect(true)
      // The dump leaves its read-only transaction open.
      await database.exec('rollback')
      await database.exec('discard all')
      return (await input.isAsExpected(restored)) ? found : undefined
    },
  }
}

async function expectedBy(
  { options, sources }: Pick<GateInput, 'options' | 'sources'>,
  live: MigrationSet,
  replayed: Replayed,
  restore: boolean,
): Promise<ExpectedSchema> {
  // The models are ahead while a migration is pending, and say nothing about production.
  const models = async () => ({ verdict: { state: 'in_line' } as const })
  const present = await withPresentSchemas(sources, replayed.database)
  const { schema } = await expectedFromReplay(options, present, live, replayed, models, restore)
  return schema
}

/** A schema that a pending migration makes cannot be compared yet. */
async function withPresentSchemas(sources: Sources, database: PGlite): Promise<Sources> {
  if (!sources.schemas) return sources
  const { rows } = await database.query<{ name: string }>('select nspname::text as name from pg_namespace')
  const there = new Set(rows.map(({ name }) => name))
  const isMissing = (schema: string) => /^[\w$]+$/.test(schema) && !there.has(schema)
  return { ...sources, schemas: sources.schemas.filter((schema) => !isMissing(schema)) }
}
