import { watch } from 'node:fs'

/** Editors write a file in several steps, and drizzle-kit writes several files: they are one change, in ms. */
const settleMs = 300

/** @returns ends the watching */
export function watchFolder(directory: string, onChange: () => void): () => void {
  let timer: NodeJS.Timeout | undefined
  const watcher = watch(directory, { recursive: true }, () => {
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
