/**
 * `schemas` and `relations`, on which all queries build. Drizzle's migrations table and its sequence are left out. What an
 * extension owns is the extension's business, and the constructors of a range type come with the type.
 */
export const commonTables = `
schemas as materialized (
  select oid, nspname, quote_ident(nspname) as name from pg_namespace
  where nspname in (select json_array_elements_text(current_setting('edge_health.schemas')::json))
),
not_ours as materialized (
  select classid, objid from pg_depend where deptype = 'e' or deptype = 'i' and classid = 'pg_proc'::regclass
),
migrations_table as materialized (
  select c.oid, c.relowner from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where n.nspname = current_setting('edge_health.ledger')::json ->> 0
    and c.relname = current_setting('edge_health.ledger')::json ->> 1
),
relations as materialized (
  select c.oid, c.relname, c.relkind, c.relpersistence, c.relispartition, c.relrowsecurity, c.relforcerowsecurity,
    c.relreplident, c.reloptions, c.relispopulated, c.relpartbound, c.relowner, c.relacl, c.reltype,
    s.name || '.' || quote_ident(c.relname) as part
  from pg_class c join schemas s on s.oid = c.relnamespace
  where (not c.relispartition or current_setting('edge_health.partitions') = 'on')
    and not exists (select from not_ours e where e.classid = 'pg_class'::regclass and e.objid = c.oid)
    and c.oid not in (select oid from migrations_table)
    and not (c.relkind = 'S' and exists (select from pg_depend d join migrations_table m on m.oid = d.refobjid
      where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.refclassid = 'pg_class'::regclass))
)`
