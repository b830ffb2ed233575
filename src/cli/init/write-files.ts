import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { systemCode } from '../../clients/system-code.ts'

/** Which files were written, and which existed before and stay as they are. */
export interface Written {
  readonly written: readonly string[]
  readonly kept: readonly string[]
}

/** Writes the files that do not exist yet. */
export function writeFiles(folder: string, files: ReadonlyMap<string, string>): Written {
  const written: string[] = []
  const kept: string[] = []
  for (const [path, content] of files) {
    const target = join(folder, path)
    mkdirSync(dirname(target), { recursive: true })
    ;(writeNew(target, content) ? written : kept).push(path)
  }
  return { written, kept }
}

function writeNew(target: string, content: string): boolean {
  try {
    // wx: fails when the file exists, also when it was created a moment ago.
    writeFileSync(target, content, { flag: 'wx' })
    return true
  } catch (error) {
    if (systemCode(error) === 'EEXIST') return false
    throw error
  }
}
