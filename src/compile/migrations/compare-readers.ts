import { CompileError } from '../compile-error.ts'
import type { DrizzleFile } from './drizzle-reader.ts'
import { chunksOf, type Migration } from './migration.ts'

/**
 * The migrations with the order, time and hash that drizzle-orm reads, so that they are Drizzle's own.
 *
 * @param label which drizzle-orm read `files`
 * @throws CompileError where it reads the folder differently: the expected schema would be that of other migrations
 */
export function asDrizzleReads(
  directory: string,
  migrations: readonly Migration[],
  files: readonly DrizzleFile[],
  label: string,
): Migration[] {
  if (migrations.length !== files.length) {
    throw disagreement(
      directory,
      `${label} reads ${files.length} migrations, edge-health reads ${migrations.length}`,
    )
  }
  return migrations.map((migration, index) => {
    const file = files[index]
    if (file === undefined || !isSame(migration, file)) {
      throw disagreement(
        directory,
        `migration ${index + 1} is ${described(file)} for ${label}, and ${describedOurs(migration)} for edge-health`,
      )
    }
    return { ...migration, when: file.folderMillis, hash: file.hash }
  })
}

function isSame(migration: Migration, file: DrizzleFile): boolean {
  return (
    migration.hash === file.hash &&
    migration.when === file.folderMillis &&
    migration.name === file.name &&
    chunksOf(migration.sql).length === file.sql.length
  )
}

function described(file: DrizzleFile | undefined): string {
  if (file === undefined) return 'missing'
  const name = file.name === undefined ? '' : `${file.name}, `
  return `${name}time ${file.folderMillis}, hash ${file.hash.slice(0, 16)}, ${file.sql.length} parts`
}

function describedOurs({ name, when, hash, sql }: Migration): string {
  return described({ ...(name !== undefined && { name }), folderMillis: when, hash, sql: chunksOf(sql) })
}

function disagreement(directory: string, how: string): CompileError {
  return new CompileError(
    `${directory} is read in two ways: ${how}. Install the drizzle-orm that your drizzle-kit belongs to; if it is the right one, this version of edge-health-check does not know it yet.`,
  )
}
