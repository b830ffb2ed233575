import type { Database } from '../../compile/replay/database.ts'
import { quoteIdentifier } from '../../compile/replay/quote-identifier.ts'

/** Names that no role but those of Postgres itself may have, which every server makes. */
const isReserved = (name: string): boolean => name.startsWith('pg_')

/**
 * Makes the roles that production has and the replay has not: roles belong to the server, so migrations find them there, and
 * CREATE ROLE is refused for one of them. They have no rights.
 */
export async function createRoles(
  database: Pick<Database, 'query' | 'exec'>,
  names: Iterable<string>,
): Promise<void> {
  const { rows } = await database.query('select rolname as name from pg_roles')
  const there = new Set(rows.map(({ name }) => String(name)))
  const missing = [...names].filter((name) => !there.has(name) && !isReserved(name))
  if (missing.length > 0)
    await database.exec(missing.map((name) => `create role ${quoteIdentifier(name)}`).join(';'))
}
