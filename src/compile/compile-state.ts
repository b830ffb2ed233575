import { readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { queryVersion } from '../checks/migrations/queries/digest.ts'
import { hashOf } from './migrations/migration.ts'
import type { MigrationSet } from './migrations/read-migrations.ts'
import type { CompileOptions } from './options.ts'
import { version } from './package-info.ts'
import { installedPackages } from './project/installed-packages.ts'
import type { Sources } from './project/sources.ts'
import { replaceFile } from './write-file.ts'

/**
 * What a compile depended on, kept beside its output: wrangler runs the command more than once, and replaying the same
 * migrations again would give the same result.
 */
export interface CompileState {
  /** What was known before the replay. */
  readonly key: string
  /** What the verdict on the models depends on: paths with the hash of their text, null where there was no file. */
  readonly files: FileHashes
  /** The hash of the output: when the file was changed by hand, it is compiled again. */
  readonly output: string
  readonly summary: string
  readonly notes: readonly string[]
  readonly warnings: readonly string[]
}

type FileHashes = Readonly<Record<string, string | null>>

/** One hash of the migrations, the options, what the config says, and the versions of the packages that compile. */
export function keyOf(
  { onProgress: _, force: __, ...options }: CompileOptions,
  sources: Sources,
  set: MigrationSet,
): string {
  const versions = [version, queryVersion, installedPackages(sources)]
  return hashOf(JSON.stringify([versions, options, sources, set]))
}

export function hashFiles(paths: Iterable<string>): FileHashes {
  return Object.fromEntries([...new Set(paths)].sort().map((path) => [path, hashFile(path)]))
}

function hashFile(path: string): string | null {
  try {
    return hashOf(readFileSync(path, 'utf8'))
  } catch {
    // It does not exist, or was removed meanwhile.
    return null
  }
}

/** Whether one of the files was written or removed since then: its hash may not be that of what was read. */
export function writtenSince(files: FileHashes, epochMs: number): boolean {
  return Object.entries(files).some(([path, hash]) => {
    const mtimeMs = statSync(path, { throwIfNoEntry: false })?.mtimeMs
    return mtimeMs === undefined ? hash !== null : mtimeMs >= epochMs
  })
}

/** The state of the last compile, when everything that it depended on is unchanged. */
export function unchangedState(output: string, key: string): CompileState | undefined {
  const state = readState(output)
  if (state?.key !== key || hashFile(output) !== state.output) return undefined
  return Object.entries(state.files).every(([path, hash]) => hashFile(path) === hash) ? state : undefined
}

export function writeState(output: string, state: CompileState): void {
  replaceFile(statePath(output), `${JSON.stringify(state, null, 1)}\n`)
}

function readState(output: string): CompileState | undefined {
  try {
    return JSON.parse(readFileSync(statePath(output), 'utf8'))
  } catch {
    // It does not exist yet, or another version wrote it: compiling replaces it.
    return undefined
  }
}

function statePath(output: string): string {
  return join(dirname(output), 'compile-state.json')
}
