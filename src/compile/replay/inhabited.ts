import type { Database } from './database.ts'
import type { LedgerTable } from './ledger.ts'

/** Those of the schemas that hold anything but the migrations table and what extensions brought. */
export async function inhabited(
  database: Pick<Database, 'query'>,
  schemas: readonly string[],
  ledger: LedgerTable,
): Promise<string[]> {
  const { rows } = await database.query(
    `select distinct nspname::text collate "C" as name
    from (
      select oid, relnamespace as namespace, relname as name from pg_class where relkind <> 'i'
      union all select oid, typnamespace, typname from pg_type where typtype in ('e', 'd')
      union all select oid, pronamespace, proname from pg_proc
    ) object
    join pg_namespace on pg_namespace.oid = namespace
    where nspname = any($1)
      and not (nspname = $2 and name in ($3::text, $3::text || '_id_seq'))
      and not exists (select from pg_depend where objid = object.oid and deptype = 'e')
    order by 1`,
    [schemas, ledger.schema, ledger.table],
  )
  return rows.map((row) => String(row['name']))
}
