import type { DatabaseError } from '../database.ts'
import type { LedgerTable } from '../ledger.ts'
import { quoteIdentifier } from '../quote-identifier.ts'
import { quoteLiteral } from '../quote-literal.ts'
import { isUsersSchema } from '../users-schema.ts'

const mark = '-- rows that no definition depends on'

/** Whether a text is one that was made here. */
export const isEmptying = (sql: string | undefined): boolean => sql?.startsWith(mark) === true

/**
 * What to run before a statement that rows prevent: at first the table is emptied that Postgres names, then all. All
 * others keep their rows, since a later migration may make something for each of them.
 *
 * @param last how it was done before the same statement already
 * @returns undefined when all are empty already
 */
export function nextEmptying(
  last: string | undefined,
  { schema, table }: Pick<DatabaseError, 'schema' | 'table'>,
  ledger: LedgerTable,
): { readonly sql: string; readonly what: string } | undefined {
  const all = emptyTables(ledger)
  if (last === all) return undefined
  if (schema === undefined || table === undefined || last !== undefined)
    return { sql: all, what: 'all tables' }
  const name = `${quoteIdentifier(schema)}.${quoteIdentifier(table)}`
  return { sql: emptying(`c.oid = to_regclass(${quoteLiteral(name)})`), what: `${schema}.${table}` }
}

/** Empties every table, apart from those of extensions and the table of applied migrations. */
export function emptyTables(kept?: LedgerTable): string {
  const name = kept === undefined ? '' : `${quoteIdentifier(kept.schema)}.${quoteIdentifier(kept.table)}`
  return emptying(
    `${isUsersSchema('n.nspname')}
      and c.oid is distinct from to_regclass(nullif(${quoteLiteral(name)}, ''))
      and not exists (select from pg_depend d where d.objid = c.oid and d.deptype = 'e')`,
  )
}

/**
 * Without triggers and checks of foreign keys. A materialized view stays populated, which is compared. What cannot be
 * truncated, because rows of it are still to be checked, is deleted.
 */
function emptying(condition: string): string {
  return `${mark}
    do $$ declare role text := current_setting('session_replication_role'); relation record; begin
      perform set_config('session_replication_role', 'replica', false);
      for relation in select c.oid, c.oid::regclass as name, c.relkind from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where (c.relkind in ('r', 'p') or c.relkind = 'm' and c.relispopulated) and ${condition} order by c.relkind = 'm'
      loop
        if relation.relkind = 'm' then
          execute format('refresh materialized view %s with no data', relation.name);
          update pg_class set relispopulated = true where oid = relation.oid;
        else
          begin
            execute format('truncate %s cascade', relation.name);
          exception when others then
            execute format('delete from %s', relation.name);
          end;
        end if;
      end loop;
      perform set_config('session_replication_role', role, false);
    end $$`
}
