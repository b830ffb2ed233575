import { watch } from 'node:fs'
import { join, sep } from 'node:path'

/** Editors write a file in several steps, and drizzle-kit writes several files: they are one change, in ms. */
const settleMs = 300

/** What tools write by themselves: not a source, and a build that wrote there would be the cause of the next one. */
const written = new Set(['.edge-health', '.git', '.wrangler', 'node_modules'])

/**
 * @param onChange called once when the changes have settled
 * @param unwatched absolute paths of files whose changes do not count
 * @returns ends the watching
 */
export function watchFolder(
  directory: string,
  onChange: () => void,
  unwatched: readonly string[] = [],
): () => void {
  const ignore = (path: string) =>
    path.split(sep).some((part) => written.has(part)) || unwatched.includes(join(directory, path))
  let timer: NodeJS.Timeout | undefined
  // Since Node 24.14 what is ignored is not even watched, which in node_modules would be a hundred thousand files.
  const options = { recursive: true, ignore }
  const watcher = watch(directory, options, (_event, path) => {
    if (path !== null && ignore(path)) return
    clearTimeout(timer)
    timer = setTimeout(onChange, settleMs)
  })
  // The folder may be removed and made anew, as `git checkout` does: then a restart is needed, not a crash.
  watcher.on('error', () => {})
  return () => {
    clearTimeout(timer)
    watcher.close()
  }
}
