import { existsSync, globSync, readdirSync, type Stats, statSync } from 'node:fs'
import { dirname, extname, join, resolve } from 'node:path'
import { CompileError } from '../compile-error.ts'
import { hasMigrations } from '../migrations/read-migrations.ts'
import type { DrizzleConfig } from './drizzle-config.ts'
import { projectDirectories } from './root-directories.ts'

/**
 * The directory from which the config's `out` has migrations. drizzle-kit resolves it from the directory that it runs in:
 * that may be this one, the config's, its package's or the root of the workspace.
 */
export function locateMigrations(
  config: DrizzleConfig,
  workingDirectory: string,
): { base: string; directory: string } {
  const distinct = candidatesFor(config, basesOf(config, workingDirectory))
  const [first, second] = distinct.filter(({ directory }) => hasMigrations(directory))
  if (first && second) {
    throw new CompileError(
      `The \`out\` of ${config.file} has migrations from the working directory (${first.directory}) and from its own (${second.directory}): say which with --migrations DIR.`,
    )
  }
  if (first) return first
  const further = candidatesFor(config, projectDirectories(config.file)).find(({ directory }) =>
    hasMigrations(directory),
  )
  if (further) return further
  const tried = distinct.map(({ directory }) => directory).join(' or ')
  throw new CompileError(
    `There are no migrations in ${tried} (the \`out\` of ${config.file}): run \`drizzle-kit generate\`, or name the folder with --migrations DIR.`,
  )
}

function candidatesFor(config: DrizzleConfig, bases: readonly string[]) {
  const candidates = bases.map((base) => ({ base, directory: resolve(base, config.out) }))
  return candidates.filter(
    ({ directory }, index) => candidates.findIndex((other) => other.directory === directory) === index,
  )
}

/** Patterns of model files, and the directory that they are relative to. */
export interface ModelPatterns {
  readonly patterns: readonly string[]
  readonly base: string
}

/** Where the config's `schema` has files: from the directory that had the migrations, else from the other one. */
export function locateModels(
  config: DrizzleConfig,
  workingDirectory: string,
  preferred: string,
): ModelPatterns {
  const patterns = config.schema
  const base = [preferred, ...basesOf(config, workingDirectory), ...projectDirectories(config.file)].find(
    (candidate) => modelFiles({ patterns, base: candidate }).length > 0,
  )
  return { patterns, base: base ?? preferred }
}

function basesOf(config: DrizzleConfig, workingDirectory: string): string[] {
  return [...new Set([workingDirectory, dirname(config.file)])]
}

const sourceEnds = new Set(['.ts', '.js', '.cjs', '.mjs', '.mts', '.cts'])

/** Files, directories and patterns, as drizzle-kit reads them (its prepareFilenames): a directory means its files. */
export function modelFiles({ patterns, base }: ModelPatterns): string[] {
  return [...new Set(patterns.flatMap((pattern) => filesOf(pattern, base)))].sort()
}

/** The patterns that have no file: mistyped, or what they meant has moved. */
export function unmatchedPatterns({ patterns, base }: ModelPatterns): string[] {
  return patterns.filter((pattern) => filesOf(pattern, base).length === 0)
}

function filesOf(pattern: string, base: string): string[] {
  const path = resolve(base, pattern)
  const found = existsSync(path)
    ? [path]
    : globSync(pattern, { cwd: base }).map((match) => resolve(base, match))
  return found
    .flatMap((match) =>
      kindOf(match)?.isDirectory() ? readdirSync(match).map((name) => join(match, name)) : [match],
    )
    .filter((file) => sourceEnds.has(extname(file)) && kindOf(file)?.isFile())
}

/** Undefined for a link whose target does not exist: Emacs makes `.#orders.ts` while a file is edited. */
function kindOf(path: string): Stats | undefined {
  return statSync(path, { throwIfNoEntry: false })
}
