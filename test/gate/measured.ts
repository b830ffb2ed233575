import type { Catalog, CatalogRelation } from '../../src/gate/compatibility/catalog.ts'
import { type PendingFile, readPendingFile } from '../../src/gate/pending/statement.ts'
import { parts } from './project.ts'

/** A file of these statements, each sent by itself. */
export function pendingFile(tag: string, ...statements: string[]): PendingFile {
  const migration = { tag, when: 1, name: undefined, file: `${tag}.sql`, sql: parts(...statements), hash: '' }
  return readPendingFile(migration, undefined)
}

/** What is in a database that has these tables. */
export const catalogOf = (
  ...relations: (Pick<CatalogRelation, 'oid' | 'name'> & Partial<CatalogRelation>)[]
): Catalog => ({
  relations: relations.map((relation) => ({
    ...{
      kind: 'r',
      isPartition: false,
      hasRowSecurity: false,
      forcesRowSecurity: false,
      columns: [],
      constraints: [],
    },
    ...{ uniqueKeys: [], triggers: [], policies: [] },
    ...relation,
  })),
  ...{ enums: [], functions: [], rights: [] },
})
