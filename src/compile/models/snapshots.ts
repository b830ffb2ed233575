import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { CompileError, messageOf } from '../compile-error.ts'
import type { MigrationSet } from '../migrations/read-migrations.ts'

/** A snapshot of drizzle-kit: the models as they were when a migration was generated. */
export type Snapshot = Readonly<Record<string, unknown>>

interface SnapshotSearch {
  /** The oldest first. Migrations written by hand often have none. */
  readonly found: readonly string[]
  /** Every path that was looked for. */
  readonly tried: readonly string[]
}

/**
 * The snapshots that the models are compared with: in the journal layout the newest, which holds everything, and in the
 * folders of 1.0 all, of which each holds what its migration changed.
 */
export function findSnapshots({ directory, layout, migrations }: MigrationSet): SnapshotSearch {
  if (layout === 'folders') {
    const tried = migrations.map(({ file }) => join(dirname(file), 'snapshot.json'))
    return { found: tried.filter((path) => existsSync(path)), tried }
  }
  const paths = migrations
    .map(({ tag }) => join(directory, 'meta', `${tag.split('_')[0]}_snapshot.json`))
    .reverse()
  const newest = paths.find((path) => existsSync(path))
  if (newest === undefined) return { found: [], tried: paths }
  return { found: [newest], tried: paths.slice(0, paths.indexOf(newest) + 1) }
}

/** @throws CompileError when it is not JSON, which a merge may leave behind */
export function readSnapshot(path: string): Snapshot {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch (error) {
    throw new CompileError(
      `${path} is not JSON (${messageOf(error)}): restore it from version control, or generate its migration again.`,
    )
  }
}
