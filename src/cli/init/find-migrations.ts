import { type Dirent, existsSync } from 'node:fs'
import { dirname, join, relative, sep } from 'node:path'
import { foldersOf } from './folders-of.ts'

/** Where an application's migrations may be; absolute paths, the nearest to the root first. */
interface FoundMigrations {
  /** `drizzle.config.ts` and its kin, also `drizzle.production.config.ts`. */
  readonly configs: readonly string[]
  /** Folders that drizzle-kit generated: a journal (0.31), or one folder for each migration (1.0). */
  readonly folders: readonly string[]
}

/** `drizzle.config.ts` and its kin. */
export const configName = /^drizzle(\..+)?\.config\.(ts|mts|cts|js|mjs|cjs|json)$/

/** Searches a repository for Drizzle's configuration and migrations, without running any of its code. */
export function findMigrations(root: string): FoundMigrations {
  const configs: string[] = []
  const folders: string[] = []
  for (const { folder, entries } of foldersOf(root)) {
    if (isMigrationsFolder(folder, entries)) {
      folders.push(folder)
      continue
    }
    for (const entry of entries) {
      if (entry.isFile() && configName.test(entry.name)) configs.push(join(folder, entry.name))
    }
  }
  return { configs, folders }
}

function isMigrationsFolder(folder: string, entries: readonly Dirent[]): boolean {
  if (existsSync(join(folder, 'meta', '_journal.json'))) return true
  return entries.some((entry) => entry.isDirectory() && existsSync(join(folder, entry.name, 'migration.sql')))
}

/** The migrations that lie below a configuration, where there is exactly one such folder. */
export function migrationsOf(config: string, { folders }: FoundMigrations): string | undefined {
  const below = folders.filter((folder) => folder.startsWith(dirname(config) + sep))
  return below.length === 1 ? below[0] : undefined
}

/** A path for a file in `from`, with forward slashes, as commands and configuration files want it. */
export function relativePath(from: string, to: string): string {
  return relative(from, to).split(sep).join('/') || '.'
}
