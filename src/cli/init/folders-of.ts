import { type Dirent, readdirSync } from 'node:fs'
import { join } from 'node:path'

/** Folders of dependencies and build results: nothing there is the project's own. */
const skipped = new Set(['node_modules', 'dist', 'build', 'out', 'coverage', 'vendor'])

/** A repository with more folders than this is not searched to its end. */
const maxFolders = 20_000

/** The folders of a repository with what is in them, the nearest to the root first. */
export function* foldersOf(root: string): Generator<{ folder: string; entries: readonly Dirent[] }> {
  const queue = [root]
  for (const folder of queue) {
    const entries = listFolder(folder)
    yield { folder, entries }
    for (const entry of entries) {
      const searched = entry.isDirectory() && !entry.name.startsWith('.') && !skipped.has(entry.name)
      if (searched && queue.length < maxFolders) queue.push(join(folder, entry.name))
    }
  }
}

function listFolder(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))
  } catch {
    return []
  }
}
