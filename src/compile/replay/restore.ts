import { createCollation, createdCollations } from './collations.ts'
import { isAboutRows } from './database.ts'
import { type PGlite, startEmbeddedPostgres } from './embedded-postgres.ts'
import { withoutPsqlCommands } from './psql-commands.ts'
import { quoteIdentifier } from './quote-identifier.ts'
import { emptyTables } from './recovery/empty-tables.ts'

/**
 * Dumps the database and loads it into another one: Postgres prints some expressions differently afterwards. With its
 * data, since only then are materialized views populated. The caller closes the copy.
 * @param sql every text that the database was made with: what its extensions are found in
 */
export async function restoreCopy(database: PGlite, sql: readonly string[]): Promise<PGlite> {
  const { pgDump } = await import('@electric-sql/pglite-tools/pg_dump')
  const { rows: roles } = await database.query<{ name: string }>(
    `select rolname as name from pg_roles where rolname !~ '^pg_' and rolname <> current_user`,
  )
  const dump = async () => withoutPsqlCommands(await (await pgDump({ pg: database })).text())
  const server: Server = {
    roles: roles.map(({ name }) => `create role ${quoteIdentifier(name)};`).join(''),
    collations: await createdCollations(database),
  }
  try {
    return await load(sql, server, await dump())
  } catch (error) {
    if (!isAboutRows(error)) throw error
    // Rows that a migration wrote without checks of foreign keys; no definition depends on them.
    // pg_dump leaves its read-only transaction open in this session.
    await database.exec('rollback')
    await database.exec('discard all')
    await database.exec(emptyTables())
    return load(sql, server, await dump())
  }
}

/** What a dump does not have, and its statements need. */
interface Server {
  readonly roles: string
  readonly collations: readonly string[]
}

async function load(sql: readonly string[], { roles, collations }: Server, dump: string): Promise<PGlite> {
  const copy = await startEmbeddedPostgres(sql)
  try {
    await copy.exec(roles)
    for (const collation of collations) await createCollation(copy, collation)
    await copy.exec(dump)
    await copy.exec('discard all')
    return copy
  } catch (error) {
    await copy.close()
    throw error
  }
}
