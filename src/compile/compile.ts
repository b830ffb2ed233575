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
import { migrationFolders } from './migrations/folder-layout.ts'
import { journalPath } from './migrations/journal-layout.ts'
import { hashOf } from './migrations/migration.ts'
import { type MigrationSet, readMigrations } from './migrations/read-migrations.ts'
import type { JudgedModels } from './models/judge-models.ts'
import { type CompileOptions, defaultOutput } from './options.ts'
import { findSources, type Sources } from './project/sources.ts'
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
  /** One line each: what was done without being asked. */
  readonly notes: readonly string[]
  /** One line each: what somebody should look at. */
  readonly warnings: readonly string[]
}

/**
 * Makes the expected schema: reads the migrations, replays them in an embedded Postgres, asks it what the function
 * will ask the live database, and compares the models with the newest snapshot.
 * @throws CompileError whose message says what is wrong and how to go on; the last output then stays as it was
 */
export async function compileExpectedSchema(options: CompileOptions = {}): Promise<Compiled> {
  const output = resolve(options.workingDirectory ?? process.cwd(), options.output ?? defaultOutput)
  const key = keyOf(options)
  const last = options.force ? undefined : unchangedState(output, key)
  if (last) return { changed: false, output, ...told(last) }

  const startedAt = Date.now()
  options.onProgress?.('reading the configuration')
  const sources = await findSources(options)
  const set = readMigrations(sources.migrations)
  const { schema, models, notes, warnings } = await makeExpected(options, sources, set)
  const files = hashFiles(filesRead(options, sources, set, models))
  const text = `${JSON.stringify(schema)}\n`
  const state: CompileState = {
    key,
    files,
    directory: set.directory,
    folders: migrationFolders(set.directory),
    modelFiles: sources.models,
    modelPatterns: sources.modelPatterns,
    output: hashOf(text),
    summary: summaryOf(schema, text),
    notes,
    warnings: [...set.warnings, ...warnings, ...modelsWarnings(models.verdict)],
  }
  replaceFile(output, text)
  // Models that could not be loaded may be loaded next time, without any file having changed.
  if (models.lasting && !writtenSince(Object.keys(files), startedAt)) writeState(output, state)
  return { changed: true, output, ...told(state) }
}

function told({ summary, notes, warnings }: CompileState) {
  return { summary, notes, warnings }
}

/** Everything whose change makes another expected schema. */
function filesRead(
  { prelude, workingDirectory }: CompileOptions,
  sources: Sources,
  set: MigrationSet,
  models: JudgedModels,
): string[] {
  return [
    ...sources.configFiles,
    ...sources.models,
    ...models.loaded,
    ...set.migrations.map(({ file }) => file),
    journalPath(set.directory),
    ...(prelude === undefined ? [] : [resolve(workingDirectory ?? process.cwd(), prelude)]),
  ]
}
