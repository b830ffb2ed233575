import { existsSync, utimesSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { findSources } from '../compile/project/sources.ts'
import type { MigrationSources } from './stand-in.ts'
import { watchFolder } from './watch-folder.ts'
import { readWranglerConfig } from './wrangler-config.ts'

interface ReloadOptions {
  readonly sources: MigrationSources
  /** Where wrangler.toml is. */
  readonly workingDirectory: string
}

/**
 * Has wrangler build again when models or migrations change, wherever they are: it watches the folders that
 * wrangler.toml names, and the options may lead elsewhere. Its sign is the time of the Worker's entry file.
 *
 * @returns ends the watching
 */
export async function reloadOnChange({ sources, workingDirectory }: ReloadOptions): Promise<() => void> {
  const entry = entryOf(workingDirectory)
  // Where there is nothing to find, the build says so.
  const found = await findSources({ ...sources, workingDirectory }).catch(() => undefined)
  if (!found || entry === undefined) return () => {}
  const touch = () => {
    if (existsSync(entry)) utimesSync(entry, new Date(), new Date())
  }
  const watching = [...foldersOf([found.migrations, ...found.models.map(dirname)])].map((folder) =>
    // The touch is a change of its folder too, and would be the cause of the next one.
    watchFolder(folder, touch, [entry]),
  )
  return () => {
    for (const end of watching) end()
  }
}

/** Folders without those inside of others: a change is one change. */
function foldersOf(folders: readonly string[]): Set<string> {
  return new Set(folders.filter((folder) => !folders.some((other) => folder.startsWith(join(other, '/')))))
}

/** `main` of wrangler's configuration. */
function entryOf(directory: string): string | undefined {
  const main = readWranglerConfig(directory)?.values['main']
  return typeof main === 'string' ? join(directory, main) : undefined
}
