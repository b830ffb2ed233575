import type { OpenPostgres } from '../clients/interfaces.ts'
import { type Check, CheckError } from '../core/check.ts'

/**
 * The name of the check, and the database that it asks.
 *
 * @example
 * const options: DatabaseCheckOptions = { name: 'billing-database', postgres: postgresOverHttp({ url }) }
 */
export interface DatabaseCheckOptions {
  /** The `checker` of the result. [database] */
  readonly name?: string
  readonly postgres: OpenPostgres<'query'>
}

const statement = { text: "select 1 as answer, current_setting('server_version') as server_version" }

/**
 * Is the database there? Costs one query in one request.
 *
 * @example
 * createWorker({ expected, checks: [databaseCheck({ name: 'billing-database', postgres: postgresOverHttp({ url }) })] })
 */
export function databaseCheck({ name = 'database', postgres }: DatabaseCheckOptions): Check {
  return {
    name,
    async run({ signal }) {
      const rows = await postgres(signal).query(statement)
      const { answer, server_version } = rows[0] ?? {}
      if (rows.length !== 1 || answer !== 1)
        throw new CheckError('wrong_answer', 'select 1 was not answered by 1')
      return { status: 'pass', code: 'ok', output: `${name} ok`, details: { server_version } }
    },
  }
}
