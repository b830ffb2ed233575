import { createPostgres, type PostgresConnection } from '../clients/postgres.ts'
import { type Check, CheckError } from '../core/check.ts'

const statement = { text: "select 1 as answer, current_setting('server_version') as server_version" }

/** Is the database there? Costs one query in one request. */
export function databaseCheck(connection: PostgresConnection): Check {
  return {
    name: 'database',
    async run({ signal }) {
      const rows = await createPostgres(connection, signal).query(statement)
      const { answer, server_version } = rows[0] ?? {}
      if (rows.length !== 1 || answer !== 1)
        throw new CheckError('wrong_answer', 'select 1 was not answered by 1')
      return { status: 'pass', code: 'ok', output: 'database ok', details: { server_version } }
    },
  }
}
