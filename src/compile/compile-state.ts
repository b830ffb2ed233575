import { existsSync, readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import packageJson from '../../package.json' with { type: 'json' }
import { questionVersion } from '../checks/migrations/digest.ts'
import { migrationFolders } from './migrations/folder-layout.ts'
import { hashOf } from './migrations/migration.ts'
import type { CompileOptions } from './options.ts'
import { type ModelPatterns, modelFiles } from './project/locate.ts'
import { configName } from './project/sources.ts'
import { replaceFile } from './write-file.ts'

/**
 * What a compile rested on, kept beside its output: wrangler runs the command more than once, and replaying the same
 * migrations again tells nothing new.
 */
export interface CompileState {
  /** The options, the version of this product and of its question. */
  readonly key: string
  /** Every file that was read, by path, with the hash of its text. */
  readonly files: Readonly<Record<string, string>>
  /** The migration folders of the 1.0 layout, which no journal lists. */
  readonly directory: string
  readonly folders: readonly string[]
  /** What the models' patterns matched; a new file would match too. */
  readonly modelFiles: readonly string[]
  readonly modelPatterns: ModelPatterns
  /** The hash of the output: whoever changed it by hand gets it compiled again. */
  readonly output: string
  readonly summary: string
  readonly notes: readonly string[]
  readonly warnings: readonly string[]
}

export function keyOf({ onProgress: _, force: __, ...options }: CompileOptions): string {
  return hashOf(
    JSON.stringify([
      packageJson.version,
      questionVersion,
      options,
      options.workingDirectory ?? process.cwd(),
      configName(options),
    ]),
  )
}

/** @returns undefined for a file that is not there */
export function hashFile(path: string): string | undefined {
  return existsSync(path) ? hashOf(readFileSync(path, 'utf8')) : undefined
}

export function hashFiles(paths: Iterable<string>): Record<string, string> {
  const files: Record<string, string> = {}
  for (const path of [...new Set(paths)].sort()) {
    const hash = hashFile(path)
    if (hash !== undefined) files[path] = hash
  }
  return files
}

/** Whether somebody wrote one of the files since then: what was read of it is then not what its hash says. */
export function writtenSince(paths: Iterable<string>, epochMs: number): boolean {
  return [...paths].some((path) => statSync(path).mtimeMs >= epochMs)
}

/** The state of the last compile, when everything that it rested on is as it was. */
export function unchangedState(output: string, key: string): CompileState | undefined {
  const state = readState(output)
  if (state?.key !== key || hashFile(output) !== state.output) return undefined
  const sameFiles = Object.entries(state.files).every(([path, hash]) => hashFile(path) === hash)
  if (!sameFiles || !existsSync(state.directory)) return undefined
  const { patterns, base } = state.modelPatterns
  const sameFolders = isDeepStrictEqual(migrationFolders(state.directory), state.folders)
  return sameFolders && isDeepStrictEqual(modelFiles(patterns, base), state.modelFiles) ? state : undefined
}

export function writeState(output: string, state: CompileState): void {
  replaceFile(statePath(output), `${JSON.stringify(state, null, 1)}\n`)
}

function readState(output: string): CompileState | undefined {
  try {
    return JSON.parse(readFileSync(statePath(output), 'utf8'))
  } catch {
    // None yet, or not one of ours: compiling writes it anew.
    return undefined
  }
}

function statePath(output: string): string {
  return join(dirname(output), 'compile-state.json')
}
