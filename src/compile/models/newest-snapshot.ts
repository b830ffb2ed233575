import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { CompileError, messageOf } from '../compile-error.ts'
import type { MigrationSet } from '../migrations/read-migrations.ts'

/** A snapshot of drizzle-kit: the models as they were when a migration was generated. */
export type Snapshot = Readonly<Record<string, unknown>>

export interface SnapshotSearch {
  /** Undefined when no migration has one. */
  readonly path: string | undefined
  /** Every path that was tried, the found one last. */
  readonly tried: readonly string[]
}

/** Looks for the newest snapshot that exists: migrations written by hand often have none. */
export function findNewestSnapshot({ directory, migrations }: MigrationSet): SnapshotSearch {
  const paths = migrations
    .map(({ tag }) => join(directory, 'meta', `${tag.split('_')[0]}_snapshot.json`))
    .reverse()
  const index = paths.findIndex((path) => existsSync(path))
  return index < 0
    ? { path: undefined, tried: paths }
    : { path: paths[index], tried: paths.slice(0, index + 1) }
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
