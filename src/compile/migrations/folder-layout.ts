import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { CompileError } from '../compile-error.ts'
import { hashOf, type Migration } from './migration.ts'

/** The migrations of drizzle-kit 1.0 in a directory: the names of its folders that hold a `migration.sql`. */
export function migrationFolders(directory: string): string[] {
  return readdirSync(directory)
    .filter((name) => existsSync(join(directory, name, 'migration.sql')))
    .sort((a, b) => a.localeCompare(b))
}

/** drizzle-kit 1.0: one folder `YYYYMMDDhhmmss_name` for each migration; the folder's name is its time and its order. */
export function readFolderLayout(directory: string): Migration[] {
  return migrationFolders(directory).map((folder) => {
    const file = join(directory, folder, 'migration.sql')
    const sql = readFileSync(file, 'utf8')
    return { tag: folder, when: timeOf(folder, file), name: folder, file, sql, hash: hashOf(sql) }
  })
}

function timeOf(folder: string, file: string): number {
  const digits = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)/.exec(folder)
  if (!digits) {
    throw new CompileError(
      `${file} is in a folder whose name does not begin with a time: Drizzle expects YYYYMMDDhhmmss_name. Rename the folder.`,
    )
  }
  const [year = 0, month = 1, day, hour, minute, second] = digits.slice(1).map(Number)
  return Date.UTC(year, month - 1, day, hour, minute, second)
}
