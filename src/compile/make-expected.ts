import type { ExpectedSchema } from '../checks/migrations/expected-schema.ts'
import { expectedFromReplay } from './expected-from-replay.ts'
import type { MigrationSet } from './migrations/read-migrations.ts'
import { type JudgedModels, judgeModels } from './models/judge-models.ts'
import type { CompileOptions } from './options.ts'
import type { Sources } from './project/sources.ts'
import { type Replayed, replayMigrations } from './replay/replay.ts'
import {
  noTableWarnings,
  oldServerWarnings,
  pulledFileWarnings,
  replayNotes,
  replayWarnings,
} from './summary.ts'

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
    const judged = () => {
      options.onProgress?.('comparing the models')
      return judging
    }
    const {
      schema,
      models,
      warnings: said,
    } = await expectedFromReplay(options, sources, set, replayed, judged)
    const warnings = [
      ...pulledFileWarnings(set, sources.preludes),
      ...replayWarnings(replayed),
      ...noTableWarnings(schema),
      ...said,
      ...oldServerWarnings(options, schema),
    ]
    return { schema, models, notes: replayNotes(replayed), warnings }
  } finally {
    stop.abort()
    await replayed?.database.close()
  }
}
