import type { OpenPostgres } from '../../clients/interfaces.ts'
import { CheckError } from '../../core/check.ts'
import { isRecord } from '../../core/is-record.ts'
import type { TriedRights } from './try-redis-rights.ts'

/** Drizzle's own, where no expected schema says another. */
const defaultLedger = { schema: 'drizzle', table: '__drizzle_migrations' }

const question = `
select quote_ident(current_user) as role, quote_ident(n.nspname) as schema,
  quote_ident(n.nspname) || '.' || quote_ident(c.relname) as table,
  has_schema_privilege(n.oid, 'usage') as usage, has_table_privilege(c.oid, 'select') as read,
  row_security_active(c.oid) as filtered
from pg_class c join pg_namespace n on n.oid = c.relnamespace
where n.nspname = $1 and c.relname = $2`

function ledgerIn(expected: object | undefined): { readonly schema: unknown; readonly table: unknown } {
  const ledger = isRecord(expected) ? expected['ledger'] : undefined
  return isRecord(ledger) ? { schema: ledger['schema'], table: ledger['table'] } : defaultLedger
}

/** What the migrations check may not read, as the statements that allow it. Costs one query, of the catalog alone. */
export async function tryPostgresRights(
  open: OpenPostgres,
  expected: object | undefined,
): Promise<TriedRights> {
  const { schema, table } = ledgerIn(expected)
  try {
    const [row] = await open(AbortSignal.timeout(5000)).query({ text: question, values: [schema, table] })
    if (!row) return { missing: [] }
    const neededBy = 'migrations'
    const rules = [
      ...(row['usage'] === true ? [] : [`GRANT USAGE ON SCHEMA ${row['schema']} TO ${row['role']}`]),
      ...(row['read'] === true ? [] : [`GRANT SELECT ON ${row['table']} TO ${row['role']}`]),
      // A policy would not be enough: it is not known whether it hides a row.
      ...(row['filtered'] === true ? [`ALTER ROLE ${row['role']} BYPASSRLS`] : []),
    ]
    return { missing: rules.map((rule) => ({ rule, neededBy })) }
  } catch (error) {
    return { missing: [], untried: error instanceof CheckError ? error.code : 'error' }
  }
}
