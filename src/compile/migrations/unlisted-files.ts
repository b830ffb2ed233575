import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Layout } from './read-migrations.ts'

const isSql = (name: string) => /\.sql$/i.test(name)

/**
 * SQL files that look like migrations and that Drizzle never runs, by their paths in the directory: in the journal layout those
 * that the journal does not name, in folders those that lie beside them, and those of a folder that begins with a time and has
 * no `migration.sql`.
 *
 * @param tags of the migrations that Drizzle reads
 */
export function unlistedFiles(directory: string, layout: Layout, tags: readonly string[]): string[] {
  const listed = new Set(layout === 'journal' ? tags.map((tag) => `${tag}.sql`) : [])
  return readdirSync(directory, { withFileTypes: true })
    .flatMap((entry) => {
      if (!entry.isDirectory()) return isSql(entry.name) ? [entry.name] : []
      return layout === 'folders' && looksLikeMigration(entry.name) && !tags.includes(entry.name)
        ? readdirSync(join(directory, entry.name))
            .filter(isSql)
            .map((name) => `${entry.name}/${name}`)
        : []
    })
    .filter((path) => !listed.has(path))
    .sort()
}

const looksLikeMigration = (folder: string) => /^\d{14}/.test(folder)
