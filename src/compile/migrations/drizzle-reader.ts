import { readFileSync } from 'node:fs'
import { createRequire, findPackageJSON } from 'node:module'
import * as v from 'valibot'
import { messageOf } from '../compile-error.ts'

/** What drizzle-orm reads of a folder (drizzle-orm/migrator, MigrationMeta); `name` from 1.0 on. */
const Files = v.array(
  v.object({
    hash: v.string(),
    folderMillis: v.number(),
    sql: v.array(v.string()),
    name: v.optional(v.string()),
  }),
)

/** One migration as drizzle-orm reads it. */
export type DrizzleFile = v.InferOutput<typeof Files>[number]

/** An installed drizzle-orm. */
export interface DrizzleReader {
  /** `drizzle-orm 0.45.4` */
  readonly label: string
  readonly isOfProject: boolean
  /** @throws what drizzle-orm throws: each version reads one layout only */
  readonly read: (directory: string) => readonly DrizzleFile[]
}

/**
 * The versions of drizzle-orm to read with: the project's, since it is what migrates, then the one installed beside this
 * package. Loaded at build time only, by path: no bundle of the function may have it.
 *
 * @param places files of the project, from which packages are resolved
 */
export function findDrizzleReaders(places: readonly string[]): DrizzleReader[] {
  const ofProject = firstOf(places.map((place) => readerFrom(place, true)))
  return [ofProject, readerFrom(import.meta.filename, false)].filter((reader) => reader !== undefined)
}

function firstOf<T>(values: readonly (T | undefined)[]): T | undefined {
  return values.find((value) => value !== undefined)
}

function readerFrom(place: string, isOfProject: boolean): DrizzleReader | undefined {
  const require = createRequire(place)
  const path = resolveFrom(require)
  if (path === undefined) return undefined
  return {
    label: `drizzle-orm ${versionFrom(path) ?? 'of unknown version'}`,
    isOfProject,
    read: (migrationsFolder) => v.parse(Files, require(path).readMigrationFiles({ migrationsFolder })),
  }
}

function resolveFrom(require: NodeJS.Require): string | undefined {
  try {
    return require.resolve('drizzle-orm/migrator')
  } catch {
    // Not installed there, or older than its migrator.
    return undefined
  }
}

function versionFrom(path: string): string | undefined {
  try {
    const manifest = findPackageJSON('drizzle-orm', path)
    return manifest && JSON.parse(readFileSync(manifest, 'utf8')).version
  } catch {
    return undefined
  }
}

/** The first reader that reads the folder, with what it read; and why the others before it did not. */
export function readWithDrizzle(readers: readonly DrizzleReader[], directory: string) {
  const unable: { reader: DrizzleReader; reason: string }[] = []
  for (const reader of readers) {
    try {
      return { reader, files: reader.read(directory), unable }
    } catch (error) {
      unable.push({ reader, reason: messageOf(error) })
    }
  }
  return { reader: undefined, files: undefined, unable }
}
