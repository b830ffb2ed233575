import { CompileError, messageOf } from '../compile-error.ts'
import { type Database, missingRole } from './database.ts'
import { withoutPsqlCommands } from './psql-commands.ts'
import { quoteIdentifier } from './quote-identifier.ts'

/** SQL of what is there before the first migration. */
export interface Prelude {
  /** Where it came from, for a message. */
  readonly source: string
  readonly sql: string
  /** Whether the live database has to have what it makes. [isExpected=false] */
  readonly isExpected?: boolean
}

/**
 * Runs a prelude; a dump of pg_dump may be one as it stands. Roles that it mentions and does not create are created.
 * @throws CompileError with what Postgres says
 */
export async function runPrelude(database: Database, { source, sql }: Prelude): Promise<void> {
  const text = withoutPsqlCommands(sql)
  const created = new Set<string>()
  for (;;) {
    try {
      await database.exec(text)
      break
    } catch (error) {
      const role = missingRole(error)
      if (role === undefined || created.has(role)) {
        throw new CompileError(
          `${source} cannot be applied before the migrations: ${messageOf(error)}. Correct it so that it runs in an empty database.`,
        )
      }
      created.add(role)
      await database.exec(`create role ${quoteIdentifier(role)}`)
    }
  }
  await forgetSettingsOfDump(database)
}

/**
 * A dump begins by emptying the search_path for its session, with settings that suit only a restore (pg_dump,
 * setup_connection). A search_path with a schema in it is meant for the migrations, and stays.
 */
async function forgetSettingsOfDump(database: Database): Promise<void> {
  const { rows } = await database.query(`select current_setting('search_path') as path`)
  if (/^(?:"")?$/.test(String(rows[0]?.['path']))) await database.exec('reset all')
}
