import type { Scope } from '../checks/migrations/expected-schema.ts'
import type { Database } from './replay/database.ts'
import type { LedgerTable } from './replay/ledger.ts'
import { splitStatements, type Word, wordsWithPlaces } from './replay/split-statements.ts'

/** Between TO and the first parenthesis, which is that of USING or WITH CHECK. Bounded, since prose has these words too. */
const policyTo = (role: string) =>
  new RegExp(`\\bpolicy\\b[^;]{0,400}?\\bto\\s[^;(]{0,200}\\b(?:${role})\\b`, 'i')
const toRunning = policyTo('current_user|session_user|current_role')
const toReplay = policyTo('postgres')

/** Policies; the role that runs the migrations owns the table of applied migrations, here and in production. */
const query = `
select quote_ident(n.nspname) || '.' || quote_ident(c.relname) as part, c.relname as table, p.polname as policy,
  quote_ident(p.polname) as name, c.relowner <> l.relowner as "isOfOther", l.relowner = any (p.polroles) as "isForRunning"
from pg_policy p join pg_class c on c.oid = p.polrelid join pg_namespace n on n.oid = c.relnamespace
cross join (select k.relowner from pg_class k join pg_namespace m on m.oid = k.relnamespace
  where m.nspname = $1 and k.relname = $2) l
order by 1, 4`

/**
 * Whether policies are for the role that runs the migrations, by CURRENT_USER and such or because it owns something: its name
 * in the replay means nothing. Where the migrations write that name themselves, it is meant.
 *
 * @param sql all texts that were replayed
 */
export async function findOwnerPolicies(
  database: Pick<Database, 'query'>,
  sql: readonly string[],
  { schema, table }: LedgerTable,
): Promise<Pick<Scope, 'ownerPolicies' | 'otherOwners' | 'namedPolicies'>> {
  const { rows } = await database.query(query, [schema, table])
  if (!rows.some((row) => row['isForRunning'])) return {}
  const namesReplay = sql.some((text) => toReplay.test(text))
  if (namesReplay && !sql.some((text) => toRunning.test(text))) return {}
  const otherOwners = [...new Set(rows.filter((row) => row['isOfOther']).map((row) => String(row['part'])))]
  const named = namesReplay ? policiesForReplay(sql) : new Set()
  const namedPolicies = rows
    .filter((row) => row['isForRunning'] && named.has(`${row['policy']} on ${row['table']}`))
    .map((row) => `${row['part']}.${row['name']}`)
  return {
    ownerPolicies: true,
    ...(otherOwners.length > 0 && { otherOwners }),
    ...(namedPolicies.length > 0 && { namedPolicies }),
  }
}

/** The policies that statements give to the role `postgres` last, with the names of their tables. */
function policiesForReplay(sql: readonly string[]): ReadonlySet<string> {
  const named = new Set<string>()
  for (const statement of sql.flatMap(splitStatements)) {
    const { policy, roles } = policyAndRoles(wordsWithPlaces(statement)) ?? {}
    if (policy === undefined || roles === undefined) continue
    if (roles.some(({ name }) => name === 'postgres')) named.add(policy)
    else named.delete(policy)
  }
  return named
}

/** Of CREATE POLICY and ALTER POLICY with TO. */
function policyAndRoles(words: readonly Word[]): { policy: string; roles: readonly Word[] } | undefined {
  if (words[1]?.keyword !== 'policy' || words[3]?.keyword !== 'on') return undefined
  let table = 4
  while (words[table + 1]?.keyword === '.') table += 2
  const to = words.findIndex(({ keyword, depth }, at) => at > table && depth === 0 && keyword === 'to')
  if (to < 0) return undefined
  const behind = words.slice(to + 1)
  const end = behind.findIndex(({ keyword }) => keyword === 'using' || keyword === 'with')
  return {
    policy: `${words[2]?.name} on ${words[table]?.name}`,
    roles: end < 0 ? behind : behind.slice(0, end),
  }
}
