import { createRequire } from 'node:module'
import type { Extension, PGlite } from '@electric-sql/pglite'
import { emptyFilesIn, emptyFilesPath } from './empty-files.ts'

export type { PGlite } from '@electric-sql/pglite'

/** Log files of 1 MB instead of 16: they are made, filled with zeros and copied in memory. */
const initDbStartParams = ['--wal-segsize=1']

/** The files of an empty Postgres, for every start of this process. */
let emptyFiles: Blob | undefined

/**
 * Starts an empty Postgres in this process, with every extension that the SQL creates and PGlite has.
 * One that it lacks stays away: the statement that creates it then says so. The very first start takes seconds, every
 * further one a fraction of that.
 */
export async function startEmbeddedPostgres(sql: Iterable<string>): Promise<PGlite> {
  const { PGlite } = await import('@electric-sql/pglite')
  const extensions = await loadExtensions(extensionsIn(sql))
  emptyFiles ??= emptyFilesIn(emptyFilesPath()).read()
  if (emptyFiles) return PGlite.create({ extensions, loadDataDir: emptyFiles })
  const database = await PGlite.create({ extensions, initDbStartParams })
  emptyFiles = await database.dumpDataDir('none')
  await emptyFilesIn(emptyFilesPath()).keep(emptyFiles)
  return database
}

/** The extensions that the SQL creates. Also those in comments and conditions: loading one too many does no harm. */
export function extensionsIn(sql: Iterable<string>): string[] {
  const names = new Set<string>()
  for (const text of sql) {
    for (const match of text.matchAll(/\bcreate\s+extension\s+(?:if\s+not\s+exists\s+)?"?([\w-]+)/gi)) {
      names.add((match[1] ?? '').toLowerCase())
    }
  }
  return [...names].sort()
}

async function loadExtensions(names: readonly string[]): Promise<Record<string, Extension>> {
  const found: Record<string, Extension> = {}
  for (const name of names) {
    const extension = await loadExtension(name)
    if (extension) found[name.replaceAll('-', '_')] = extension
  }
  return found
}

async function loadExtension(name: string): Promise<Extension | undefined> {
  if (name === 'vector') {
    const { vector } = await import('@electric-sql/pglite-pgvector')
    return vector
  }
  const module = name.replaceAll('-', '_')
  if (!/^\w+$/.test(module)) return undefined
  // In a variable, because bundlers take a template for a pattern of files of theirs.
  const path = `@electric-sql/pglite/contrib/${module}`
  if (!isThere(path)) return undefined
  const contrib: Record<string, Extension | undefined> = await import(path)
  return contrib[module]
}

function isThere(path: string): boolean {
  try {
    createRequire(import.meta.filename).resolve(path)
    return true
  } catch {
    return false
  }
}
