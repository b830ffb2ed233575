import type { ExpectedMigration } from '../checks/migrations/expected-schema.ts'
import { hashesOf, type Migration } from './migrations/migration.ts'

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
