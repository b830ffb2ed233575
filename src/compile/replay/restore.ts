import { type PGlite, startEmbeddedPostgres } from './embedded-postgres.ts'
import { quoteIdentifier } from './quote-identifier.ts'

/**
 * Dumps the database and loads it into another one: Postgres prints some expressions otherwise afterwards. With its
 * data, since only then are materialized views populated. The caller closes the copy.
 * @param sql every text that the database was made with: what its extensions are found in
 */
export async function restoreCopy(database: PGlite, sql: readonly string[]): Promise<PGlite> {
  const { pgDump } = await import('@electric-sql/pglite-tools/pg_dump')
  const { rows: roles } = await database.query<{ name: string }>(
    `select rolname as name from pg_roles where rolname !~ '^pg_' and rolname <> current_user`,
  )
  const dump = await (await pgDump({ pg: database })).text()
  const copy = await startEmbeddedPostgres(sql)
  try {
    await copy.exec(roles.map(({ name }) => `create role ${quoteIdentifier(name)};`).join(''))
    await copy.exec(withoutCommandsOfPsql(dump))
    await copy.exec('discard all')
    return copy
  } catch (error) {
    await copy.close()
    throw error
  }
}

/** pg_dump guards its scripts with \restrict and \unrestrict (CVE-2025-8714), which only psql understands. */
function withoutCommandsOfPsql(dump: string): string {
  return dump.replaceAll(/^\\(?:un)?restrict .*$/gm, '')
}
