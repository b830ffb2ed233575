import { CompileError, messageOf } from '../compile-error.ts'
import { applyFile } from './apply-file.ts'
import type { Database } from './database.ts'
import { trustFunctions } from './missing-extension.ts'
import { withoutPsqlCommands } from './psql-commands.ts'
import { createRun, type Run, type Script } from './script.ts'

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
 *
 * @param shared what the migrations after it have to know of it
 * @throws CompileError with what Postgres says
 */
export async function runPrelude(
  shared: Pick<Run, 'database' | 'ledger' | 'missing' | 'warnings'>,
  { source, sql }: Prelude,
): Promise<void> {
  const { database } = shared
  const script: Script = {
    name: source,
    finish: async () => {},
    fault: (_, error) =>
      new CompileError(
        `${source} cannot be applied before the migrations: ${messageOf(error)}. Correct it so that it runs in an empty database.`,
      ),
  }
  await applyFile(
    { ...createRun(database, shared.ledger, [sql]), ...shared, createdRoles: [], createdCollations: [] },
    script,
    [withoutPsqlCommands(sql)],
  )
  await forgetSettingsOfDump(database)
  await trustFunctions(database, shared.missing)
}

/**
 * A dump begins by emptying the search_path for its session, with settings that suit only a restore (pg_dump,
 * setup_connection). A search_path with a schema in it is meant for the migrations, and stays.
 */
async function forgetSettingsOfDump(database: Database): Promise<void> {
  const { rows } = await database.query(`select current_setting('search_path') as path`)
  if (/^(?:"")?$/.test(String(rows[0]?.['path']))) await database.exec('reset all')
}
