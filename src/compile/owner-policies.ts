import type { Scope } from '../checks/migrations/expected-schema.ts'
import type { Database } from './replay/database.ts'
import type { LedgerTable } from './replay/ledger.ts'

/** Between TO and the first parenthesis, which is that of USING or WITH CHECK. Bounded, since prose has these words too. */
const policyTo = (role: string) =>
  new RegExp(`\\bpolicy\\b[^;]{0,400}?\\bto\\s[^;(]{0,200}\\b(?:${role})\\b`, 'i')
const toRunning = policyTo('current_user|session_user|current_role')
const toReplay = policyTo('postgres')

/** Tables with a policy; the role that runs the migrations owns the table of applied migrations, here and in production. */
const query = `
select quote_ident(n.nspname) || '.' || quote_ident(c.relname) as part, c.relowner <> l.relowner as "isOfOther",
  bool_or(l.relowner = any (p.polroles)) as "isForRunning"
from pg_policy p join pg_class c on c.oid = p.polrelid join pg_namespace n on n.oid = c.relnamespace
cross join (select k.relowner from pg_class k join pg_namespace m on m.oid = k.relnamespace
  where m.nspname = $1 and k.relname = $2) l
group by 1, 2 order by 1`

/**
 * Whether policies are for the role that runs the migrations, by CURRENT_USER and such or because it owns something: its name
 * in the replay means nothing. Where the migrations write that name themselves, and nothing else, it is meant.
 *
 * @param sql all texts that were replayed
 */
export async function findOwnerPolicies(
  database: Pick<Database, 'query'>,
  sql: readonly string[],
  { schema, table }: LedgerTable,
): Promise<Pick<Scope, 'ownerPolicies' | 'otherOwners'>> {
  const { rows } = await database.query(query, [schema, table])
  if (!rows.some((row) => row['isForRunning'])) return {}
  if (sql.some((text) => toReplay.test(text)) && !sql.some((text) => toRunning.test(text))) return {}
  const otherOwners = rows.filter((row) => row['isOfOther']).map((row) => String(row['part']))
  return { ownerPolicies: true, ...(otherOwners.length > 0 && { otherOwners }) }
}
