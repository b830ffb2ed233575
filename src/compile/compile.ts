import { resolve } from 'node:path'
import {
  type CompileState,
  hashFiles,
  keyOf,
  unchangedState,
  writeState,
  writtenSince,
} from './compile-state.ts'
import { makeExpected } from './make-expected.ts'
import { hashOf } from './migrations/migration.ts'
import { readMigrations } from './migrations/read-migrations.ts'
import { type CompileOptions, defaultOutput } from './options.ts'
import { findSources } from './project/sources.ts'
import { modelsWarnings, summaryOf } from './summary.ts'
import { replaceFile } from './write-file.ts'

/** What a compile did. */
export interface Compiled {
  /** False when nothing had changed, and the output is that of the last compile. */
  readonly changed: boolean
  /** Path of the expected schema. */
  readonly output: string
  /** One line: how much is compared. */
  readonly summary: string
  /** One line each: what was done although no option asked for it. */
  readonly notes: readonly string[]
  /** One line each: what should be looked at. */
  readonly warnings: readonly string[]
}

/**
 * Makes the expected schema: reads the migrations, replays them in an embedded Postgres, asks it what the function
 * will ask the live database, and compares the models with the newest snapshot.
 * @throws CompileError whose message says what is wrong and how to go on; the last output then stays as it was
 */
export async function compileExpectedSchema(options: CompileOptions = {}): Promise<Compiled> {
  const output = resolve(options.workingDirectory ?? process.cwd(), options.output ?? defaultOutput)
  options.onProgress?.('reading the configuration')
  const sources = await findSources(options)
  const set = readMigrations(sources.migrations, sources.models.slice(0, 1))
  const key = keyOf(options, sources, set)
  const last = options.force ? undefined : unchangedState(output, key)
  if (last) return { changed: false, output, ...messagesOf(last) }

  const startedAt = Date.now()
  const { schema, models, notes, warnings } = await makeExpected(options, sources, set)
  const files = hashFiles([...sources.models, ...models.files])
  const text = `${JSON.stringify(schema)}\n`
  const state: CompileState = {
    key,
    files,
    output: hashOf(text),
    summary: summaryOf(schema, text),
    notes,
    warnings: [...sources.warnings, ...set.warnings, ...warnings, ...modelsWarnings(models, set.unlisted)],
  }
  replaceFile(output, text)
  // Models that could not be loaded this time may be loaded the next time, although no file has changed.
  if (models.lasting && !writtenSince(files, startedAt)) writeState(output, state)
  return { changed: true, output, ...messagesOf(state) }
}

function messagesOf({ summary, notes, warnings }: CompileState) {
  return { summary, notes, warnings }
}
