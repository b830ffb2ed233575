import type { Kind, OptionalKind, Scope } from '../expected-schema.ts'
import { commonTables } from './common-tables.ts'

/**
 * The objects of the catalog, one query for each kind: `(part, kind, name, definition)`. Definitions are written as
 * SQL wherever Postgres prints them so, because they are also what a finding shows and what brings it into sync.
 *
 * Everything is asked of pg_catalog, which every role may read; information_schema shows only what the role owns.
 * `pg_get_…` functions wait for ACCESS EXCLUSIVE locks, the catalogs themselves do not.
 */

const types = (typtype: string) => `
  from pg_type t join schemas s on s.oid = t.typnamespace
  where t.typtype = '${typtype}'
    and not exists (select from not_ours e where e.classid = 'pg_type'::regclass and e.objid = t.oid)`

const options = (relation: string) =>
  `(select string_agg(o, ', ' order by o collate "C") from unnest(${relation}.reloptions) o)`

const compared: Record<Exclude<Kind, OptionalKind>, string> = {
  schema: `select '', 'schema', name, '' from schemas`,

  // The version is never compared: the platform chooses it. plpgsql is in every database.
  extension: `
  select '', 'extension', quote_ident(x.extname), 'schema ' || quote_ident(n.nspname)
  from pg_extension x join pg_namespace n on n.oid = x.extnamespace
  where x.extname <> 'plpgsql' and (n.oid in (select oid from schemas)
    or x.extname in (select json_array_elements_text(current_setting('edge_health.extensions')::json)))`,

  enum: `
  select '', 'enum', s.name || '.' || quote_ident(t.typname),
    (select string_agg(quote_literal(e.enumlabel), ', ' order by e.enumsortorder) from pg_enum e where e.enumtypid = t.oid)
  ${types('e')}`,

  domain: `
  select '', 'domain', s.name || '.' || quote_ident(t.typname), concat_ws(' ', format_type(t.typbasetype, t.typtypmod),
    case when t.typcollation <> 0 and t.typcollation <> (select b.typcollation from pg_type b where b.oid = t.typbasetype)
      then 'collate ' || t.typcollation::regcollation end,
    'default ' || pg_get_expr(t.typdefaultbin, 0),
    case when t.typnotnull then 'not null' end,
    (select string_agg('constraint ' || quote_ident(k.conname) || ' ' || pg_get_constraintdef(k.oid), ' '
      order by k.conname collate "C") from pg_constraint k where k.contypid = t.oid and k.contype = 'c'))
  ${types('d')}`,

  'range type': `
  select '', 'range type', s.name || '.' || quote_ident(t.typname),
    (select 'subtype ' || format_type(r.rngsubtype, null)
      || case when r.rngcollation <> 0 then ' collation ' || r.rngcollation::regcollation else '' end
     from pg_range r where r.rngtypid = t.oid)
  ${types('r')}`,

  'composite type': `
  select part, 'composite type', '', '' from relations where relkind = 'c'`,

  // Not the locale: each version of ICU writes the same one in another form.
  collation: `
  select '', 'collation', s.name || '.' || quote_ident(c.collname), concat_ws(' ', 'provider', c.collprovider::text,
    case when not c.collisdeterministic then 'not deterministic' end)
  from pg_collation c join schemas s on s.oid = c.collnamespace
  where not exists (select from not_ours e where e.classid = 'pg_collation'::regclass and e.objid = c.oid)`,

  routine: `
  select s.name || '.' || quote_ident(f.proname) || '(' || oidvectortypes(f.proargtypes) || ')', 'routine', '',
    case when f.prokind = 'a' then 'aggregate returning ' || pg_get_function_result(f.oid) else pg_get_functiondef(f.oid) end
  from pg_proc f join schemas s on s.oid = f.pronamespace
  where not exists (select from not_ours e where e.classid = 'pg_proc'::regclass and e.objid = f.oid)`,

  // A sequence that a column owns comes and goes with the column's table, so it is a part of that.
  sequence: `
  select coalesce(t.part, ''), 'sequence', r.part, concat_ws(' ', 'as', format_type(q.seqtypid, null),
    'start', q.seqstart, 'increment', q.seqincrement, 'minvalue', q.seqmin, 'maxvalue', q.seqmax, 'cache', q.seqcache,
    case when q.seqcycle then 'cycle' end,
    'owned by ' || t.part || '.' || (select quote_ident(a.attname) from pg_attribute a
      where a.attrelid = t.oid and a.attnum = d.refobjsubid))
  from pg_sequence q join relations r on r.oid = q.seqrelid
  left join pg_depend d on d.classid = 'pg_class'::regclass and d.objid = r.oid and d.deptype in ('a', 'i')
    and d.refclassid = 'pg_class'::regclass and d.refobjsubid > 0
  left join relations t on t.oid = d.refobjid
  left join pg_class owning on owning.oid = d.refobjid
  where t.oid is not null or owning.relispartition is not true`,

  table: `
  select part, 'table', '', concat_ws(' ', case relpersistence when 'u' then 'unlogged' end,
    case when relkind = 'p' then 'partition by ' || pg_get_partkeydef(oid) end,
    case when relispartition then (select 'partition of ' || i.inhparent::regclass from pg_inherits i where i.inhrelid = oid)
      || ' ' || pg_get_expr(relpartbound, oid) end,
    case when not relispartition then (select 'inherits ' || string_agg(i.inhparent::regclass::text, ', ' order by i.inhseqno)
      from pg_inherits i where i.inhrelid = oid) end,
    case relreplident when 'f' then 'replica identity full' when 'n' then 'replica identity nothing'
      when 'i' then 'replica identity index' end)
  from relations where relkind in ('r', 'p')`,

  view: `
  select r.part, 'view', '', coalesce('with (' || ${options('r')} || ')', '') from relations r where r.relkind = 'v'`,

  'materialized view': `
  select part, 'materialized view', '', case when relispopulated then '' else 'with no data' end
  from relations where relkind = 'm'`,

  'foreign table': `
  select r.part, 'foreign table', '', (select 'server ' || quote_ident(v.srvname) from pg_foreign_table f
    join pg_foreign_server v on v.oid = f.ftserver where f.ftrelid = r.oid)
  from relations r where r.relkind = 'f'`,

  // A part of its own: servers before 16 print other text (events.id for id), so there it is left out.
  query: `
  select part || ' query', 'query', '', pg_get_viewdef(oid) from relations where relkind in ('v', 'm')`,

  column: `
  select r.part, 'column', quote_ident(a.attname), concat_ws(' ', format_type(a.atttypid, a.atttypmod),
    case when a.attcollation <> 0 and a.attcollation <> t.typcollation then 'collate ' || a.attcollation::regcollation end,
    case a.attidentity when 'a' then 'generated always as identity' when 'd' then 'generated by default as identity' end,
    case a.attgenerated when '' then 'default ' || pg_get_expr(d.adbin, d.adrelid)
      else 'generated always as (' || pg_get_expr(d.adbin, d.adrelid) || ')' end,
    case a.attgenerated when 's' then 'stored' when 'v' then 'virtual' end,
    case when a.attnotnull and r.relkind not in ('v', 'm') then 'not null' end)
  from relations r
  join pg_attribute a on a.attrelid = r.oid and a.attnum > 0 and not a.attisdropped
  join pg_type t on t.oid = a.atttypid
  left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
  where r.relkind in ('r', 'p', 'v', 'm', 'f', 'c')`,

  // From 18 on NOT NULL has rows here too; it is compared with the column. A constraint with a parent that is not on a
  // partition stands for one partition of the table that is referenced.
  constraint: `
  select r.part, 'constraint', quote_ident(k.conname), pg_get_constraintdef(k.oid)
  from pg_constraint k join relations r on r.oid = k.conrelid
  where k.contype in ('p', 'u', 'c', 'f', 'x') and (k.conparentid = 0 or r.relispartition)`,

  'disabled foreign key': `
  select distinct r.part, 'disabled foreign key', quote_ident(k.conname), 'triggers of ' || r.part
  from pg_trigger g join pg_constraint k on k.oid = g.tgconstraint join relations r on r.oid = g.tgrelid
  where g.tgisinternal and g.tgenabled in ('D', 'R') and k.contype = 'f'`,

  index: `
  select r.part, 'index', s.name || '.' || quote_ident(c.relname), concat_ws(' ', pg_get_indexdef(i.indexrelid),
    case when not i.indisvalid then '[invalid]' end, case when not i.indisready then '[not ready]' end)
  from pg_index i join relations r on r.oid = i.indrelid join pg_class c on c.oid = i.indexrelid
  join schemas s on s.oid = c.relnamespace
  where not exists (select from pg_constraint k where k.conindid = i.indexrelid and k.contype in ('p', 'u', 'x'))`,

  policy: `
  select r.part, 'policy', quote_ident(p.polname), concat_ws(' ',
    case when p.polpermissive then 'as permissive' else 'as restrictive' end,
    'for ' || case p.polcmd when 'r' then 'select' when 'a' then 'insert' when 'w' then 'update' when 'd' then 'delete' else 'all' end,
    'to ' || (select string_agg(role, ', ' order by role collate "C") from (select case when u = 0 then 'public'
      when current_setting('edge_health.owner_policies') = 'on'
        and r.part || '.' || quote_ident(p.polname) not in (select json_array_elements_text(current_setting('edge_health.named_policies')::json))
        and (u in (select relowner from migrations_table)
        or u = r.relowner and r.part not in (select json_array_elements_text(current_setting('edge_health.other_owners')::json)))
      then 'current_user'
      else quote_ident(pg_get_userbyid(u)) end as role from unnest(p.polroles) u) roles),
    'using (' || pg_get_expr(p.polqual, p.polrelid) || ')',
    'with check (' || pg_get_expr(p.polwithcheck, p.polrelid) || ')')
  from pg_policy p join relations r on r.oid = p.polrelid`,

  'row level security': `
  select part, 'row level security', '', case when not relrowsecurity then 'forced, not enabled'
    when relforcerowsecurity then 'enabled, forced' else 'enabled' end
  from relations where relrowsecurity or relforcerowsecurity`,

  rule: `
  select r.part, 'rule', quote_ident(w.rulename), concat_ws(' ', pg_get_ruledef(w.oid),
    case w.ev_enabled when 'O' then null when 'D' then '[disabled]' when 'A' then '[always]' else '[replica]' end)
  from pg_rewrite w join relations r on r.oid = w.ev_class where w.rulename <> '_RETURN'`,

  statistics: `
  select r.part, 'statistics', s.name || '.' || quote_ident(x.stxname), pg_get_statisticsobjdef(x.oid)
  from pg_statistic_ext x join schemas s on s.oid = x.stxnamespace join relations r on r.oid = x.stxrelid`,

  'storage parameters': `
  select r.part, 'storage parameters', '', ${options('r')}
  from relations r where r.reloptions is not null and r.relkind in ('r', 'p', 'm')`,

  trigger: `
  select r.part, 'trigger', quote_ident(g.tgname), concat_ws(' ', pg_get_triggerdef(g.oid),
    case g.tgenabled when 'O' then null when 'D' then '[disabled]' when 'A' then '[always]' else '[replica]' end)
  from pg_trigger g join relations r on r.oid = g.tgrelid where not g.tgisinternal`,
}

const optional: Record<OptionalKind, string> = {
  // The role that asks: a database on which it may read everything has none of these.
  access: `
  select part, 'access', '', 'no select for ' || quote_ident(current_user)
  from relations where relkind in ('r', 'p', 'v', 'm') and not has_table_privilege(oid, 'select')`,

  'column order': `
  select r.part, 'column order', '', string_agg(quote_ident(a.attname), ', ' order by a.attnum)
  from relations r join pg_attribute a on a.attrelid = r.oid and a.attnum > 0 and not a.attisdropped
  where r.relkind in ('r', 'p') group by r.part`,

  comment: `
  select r.part, 'comment', coalesce((select quote_ident(a.attname) from pg_attribute a
    where a.attrelid = r.oid and a.attnum = d.objsubid and d.objsubid > 0), ''), d.description
  from pg_description d join relations r on r.oid = d.objoid
  where d.classoid = 'pg_class'::regclass and r.relkind in ('r', 'p', 'v', 'm', 'f', 'c')`,

  grant: `
  select r.part, 'grant', case x.grantee when 0 then 'public' else quote_ident(pg_get_userbyid(x.grantee)) end,
    string_agg(distinct x.privilege_type, ', ' order by x.privilege_type)
  from relations r, aclexplode(r.relacl) x
  where x.grantee <> r.relowner and r.relkind in ('r', 'p', 'v', 'm', 'f') group by 1, 3`,

  owner: `
  select part, 'owner', '', quote_ident(pg_get_userbyid(relowner))
  from relations where relkind in ('r', 'p', 'v', 'm', 'f')`,

  // -1 before 17 and null from then on mean the default.
  'statistics target': `
  select r.part, 'statistics target', quote_ident(a.attname), a.attstattarget::text
  from relations r join pg_attribute a on a.attrelid = r.oid and a.attnum > 0 and not a.attisdropped
  where a.attstattarget >= 0 and r.relkind in ('r', 'p', 'm')`,
}

/** @returns the queries of these kinds, or of all that are compared and the optional ones of the scope, as one relation */
export function objectsQuery({ optionalKinds }: Scope, kinds?: readonly Kind[]): string {
  const queries: Partial<Record<Kind, string>> = { ...compared }
  for (const kind of optionalKinds.toSorted()) queries[kind] = optional[kind]
  return (kinds ? kinds.map((kind) => queries[kind]) : Object.values(queries)).join('\n  union all')
}

/** All the text there is: a version of the query is a checksum of it. */
export const allObjectsText = commonTables + Object.values({ ...compared, ...optional }).join()
