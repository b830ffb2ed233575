import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseEnv } from 'node:util'
import { projectDirectories } from './root-directories.ts'

/**
 * The `.env` of a directory, which drizzle-kit reads from where it runs (its CLI begins with dotenv/config): a variable
 * that is set already comes first.
 */
function readDotEnv(directory: string): Readonly<Record<string, string>> {
  let text: string
  try {
    text = readFileSync(join(directory, '.env'), 'utf8')
  } catch {
    return {}
  }
  const entries = Object.entries(parseEnv(text))
  // drizzle-kit reads the file when Node has started.
  return Object.fromEntries(
    entries.flatMap(([name, value = '']) => (name === 'NODE_OPTIONS' ? [] : [[name, value]])),
  )
}

/**
 * The `.env` of each directory from which drizzle-kit may have been run for a file of the project: its package, the
 * root of its workspace, the root of its repository. A variable of the nearest one comes first.
 */
export function readDotEnvFiles(projectFile: string): Readonly<Record<string, string>> {
  return Object.assign({}, ...projectDirectories(projectFile).map(readDotEnv).reverse())
}
