import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { CompileError, messageOf } from '../compile-error.ts'
import type { MigrationSet } from '../migrations/read-migrations.ts'

/** A snapshot of drizzle-kit: the models as they were when a migration was generated. */
export type Snapshot = Readonly<Record<string, unknown>>

/** The path of the newest snapshot that exists: migrations written by hand often have none. */
export function newestSnapshotPath({ directory, migrations }: MigrationSet): string | undefined {
  return migrations
    .map(({ tag }) => join(directory, 'meta', `${tag.split('_')[0]}_snapshot.json`))
    .findLast((path) => existsSync(path))
}

export function readSnapshot(path: string): Snapshot {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch (error) {
    throw new CompileError(
      `${path} is not JSON (${messageOf(error)}): restore it from version control, or generate its migration again.`,
    )
  }
}
