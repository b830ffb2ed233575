import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { systemCode } from '../../clients/system-code.ts'
import { gitignoreFor } from './git.ts'
import type { InitPlan } from './plan.ts'

/** Which files were written, which got more lines, and which existed before and stay as they are. */
export interface Written {
  readonly written: readonly string[]
  readonly extended: readonly string[]
  readonly kept: readonly string[]
}

/** Writes the files that do not exist yet, and the lines that `.gitignore` does not have. */
export function writeFiles(
  folder: string,
  files: ReadonlyMap<string, string>,
  platform: InitPlan['platform'],
): Written {
  const written: string[] = []
  const extended: string[] = []
  const kept: string[] = []
  mkdirSync(folder, { recursive: true })
  // First, so that no moment has secrets and no .gitignore.
  const target = join(folder, '.gitignore')
  const before = readExisting(target)
  const ignore = gitignoreFor(platform, before)
  if (ignore === undefined) kept.push('.gitignore')
  else {
    writeFileSync(target, ignore)
    ;(before === undefined ? written : extended).push('.gitignore')
  }
  for (const [path, content] of files) {
    const target = join(folder, path)
    mkdirSync(dirname(target), { recursive: true })
    ;(writeNew(target, content) ? written : kept).push(path)
  }
  return { written, extended, kept }
}

function readExisting(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined
    throw error
  }
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
