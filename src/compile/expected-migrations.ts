import type { ExpectedMigration, ExpectedSchema } from '../checks/migrations/expected-schema.ts'
import { hashesOf, type Migration } from './migrations/migration.ts'
import type { MigrationSet } from './migrations/read-migrations.ts'

/** As many hex digits as the function compares. */
const short = (hash: string) => hash.slice(0, 16)

/** What the migrations table is compared with: the files, with the hashes that their checkouts can have. */
export function expectedMigrations(migrations: readonly Migration[]): ExpectedMigration[] {
  return migrations.map(({ tag, when, name, sql, hash }) => {
    const { lf, crlf } = hashesOf(sql)
    const otherLineEndings = [lf, crlf].filter((other) => other !== hash).map(short)
    return { tag, when, ...(name !== undefined && { name }), hash: short(hash), otherLineEndings }
  })
}

/** The version of Drizzle that has these files, by how its migrations table is read. */
export const expectedLayout = ({ layout }: MigrationSet): ExpectedSchema['layout'] =>
  layout === 'journal' ? '0.31' : '1.0'
