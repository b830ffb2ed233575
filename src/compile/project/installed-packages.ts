import { existsSync, readFileSync } from 'node:fs'
import { findPackageJSON } from 'node:module'
import { dirname, join } from 'node:path'
import { hashOf } from '../migrations/migration.ts'
import { lockFiles } from './lock-files.ts'
import type { Sources } from './sources.ts'

/** What replays the migrations; it is installed beside this package. */
const ours = ['@electric-sql/pglite', '@electric-sql/pglite-pgvector', '@electric-sql/pglite-tools']

/** What makes a snapshot of the models; each project brings its own. */
const theirs = ['drizzle-kit', 'drizzle-orm']

/**
 * The packages that a compile rests on: the versions of those that are known, and the hash of the nearest lock file for
 * what the models import beyond them.
 */
export function installedPackages({ models, migrations }: Pick<Sources, 'models' | 'migrations'>) {
  const project = models[0] ?? migrations
  return [
    ...ours.map((name) => [name, installedVersion(name, import.meta.filename)]),
    ...theirs.map((name) => [name, installedVersion(name, project)]),
    lockFileHash(dirname(project)),
  ]
}

function installedVersion(name: string, from: string): string | undefined {
  try {
    const path = findPackageJSON(name, from)
    return path && JSON.parse(readFileSync(path, 'utf8')).version
  } catch {
    // Not installed: what needs it says so.
    return undefined
  }
}

function lockFileHash(directory: string): string | undefined {
  const path = [...lockFiles.keys()].map((name) => join(directory, name)).find((file) => existsSync(file))
  if (path !== undefined) return hashOf(readFileSync(path, 'utf8'))
  return directory === dirname(directory) ? undefined : lockFileHash(dirname(directory))
}
