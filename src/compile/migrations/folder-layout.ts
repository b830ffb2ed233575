import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { CompileError } from '../compile-error.ts'
import type { Migration } from './migration.ts'

/** The migrations of drizzle-kit 1.0 in a directory: the names of its folders that hold a `migration.sql`. */
export function migrationFolders(directory: string): string[] {
  return readdirSync(directory, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(join(directory, entry.name, 'migration.sql')))
    .map((entry) => entry.name)
    .sort((a, b) => a.localeCompare(b))
}

/** drizzle-kit 1.0: one folder `YYYYMMDDhhmmss_name` for each migration; the folder's name is its time and its order. */
export function readFolderLayout(directory: string): Migration[] {
  return migrationFolders(directory).map((folder) => {
    const file = join(directory, folder, 'migration.sql')
    return { tag: folder, when: timeOf(folder, file), name: folder, file, sql: readFileSync(file, 'utf8') }
  })
}

function timeOf(folder: string, file: string): number {
  const digits = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)/.exec(folder)
  if (!digits) {
    throw new CompileError(
      `${file} is in a folder whose name has no time: Drizzle expects YYYYMMDDhhmmss_name. Rename the folder.`,
    )
  }
  const [year = 0, month = 1, day, hour, minute, second] = digits.slice(1).map(Number)
  return Date.UTC(year, month - 1, day, hour, minute, second)
}
