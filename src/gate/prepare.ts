import type { Database } from '../compile/replay/database.ts'

/**
 * Plans a query once for each session: to plan the catalog's queries takes longer than to run them.
 *
 * @param name a plain identifier, with the types of its parameters
 * @returns the statement that runs it. `DEALLOCATE ALL` makes it fail (26000), and then it has to be prepared anew.
 */
export async function prepare(session: Database, name: string, query: string): Promise<string> {
  const [plain = ''] = name.split('(')
  const { rows } = await session.query(`select name from pg_prepared_statements where name = '${plain}'`)
  if (rows.length === 0) await session.exec(`prepare ${name} as ${query}`)
  return `execute ${plain}`
}

/** Whether it may take prepared statements away: `DEALLOCATE` and `DISCARD ALL`, also in a DO block. */
export const mayForgetPrepared = (statement: string): boolean => /\b(?:deallocate|discard)\b/i.test(statement)
