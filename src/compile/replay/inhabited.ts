import type { Database } from './database.ts'
import type { LedgerTable } from './ledger.ts'

/**
 * Those of the schemas that hold anything but the migrations table and what extensions brought.
 *
 * @param newerThan only what was made since {@link newestOid} was this counts
 */
export async function inhabited(
  database: Pick<Database, 'query'>,
  schemas: readonly string[],
  ledger: LedgerTable,
  newerThan = 0,
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
      and object.oid > $4
      and not exists (select from pg_depend where objid = object.oid and deptype = 'e')
    order by 1`,
    [schemas, ledger.schema, ledger.table, newerThan],
  )
  return rows.map((row) => String(row['name']))
}

/** The number of the newest object: one counter numbers all of them (https://www.postgresql.org/docs/current/datatype-oid.html). */
export async function newestOid(database: Pick<Database, 'query'>): Promise<number> {
  const { rows } = await database.query(
    `select greatest((select max(oid) from pg_class), (select max(oid) from pg_type), (select max(oid) from pg_proc))::bigint as oid`,
  )
  return Number(rows[0]?.['oid'] ?? 0)
}
