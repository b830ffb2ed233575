import type { NotComparable } from '../../checks/migrations/expected-schema.ts'
import type { Database } from './database.ts'

/** Of all that depends on a stand-in or on a column of it, what reads it as text: on a server with the extension, nothing does. */
const query = `
with recursive stand_ins as (
  select oid, typarray from pg_type where typname = any($1) and typtype = 'd'
  union select t.oid, t.typarray from pg_type t join stand_ins s on t.typbasetype = s.oid
),
types as (select oid from stand_ins union select typarray from stand_ins),
columns as (select attrelid, attnum::integer from pg_attribute
  where attnum > 0 and not attisdropped and atttypid in (select oid from types)),
users as (select distinct classid, objid from pg_depend
  where refclassid = 'pg_class'::regclass and (refobjid, refobjsubid) in (select * from columns)
    or refclassid = 'pg_type'::regclass and refobjid in (select oid from types)),
relations as (select c.oid, relkind, nspname, nspname || '.' || relname as part from pg_class c join pg_namespace n on n.oid = relnamespace),
objects as (
  select 'constraint' as kind, part || '.' || conname as name, pg_get_constraintdef(objid) as text
  from users join pg_constraint k on k.oid = objid join relations r on r.oid = conrelid
  where classid = 'pg_constraint'::regclass and contype in ('c', 'x')
  union all select 'domain', nspname || '.' || typname, pg_get_constraintdef(objid)
  from users join pg_constraint k on k.oid = objid join pg_type t on t.oid = contypid join pg_namespace n on n.oid = typnamespace
  where classid = 'pg_constraint'::regclass
  union all select 'index', part, pg_get_indexdef(objid)
  from users join relations r on r.oid = objid where classid = 'pg_class'::regclass and relkind in ('i', 'I')
  union all select 'column', part || '.' || attname, pg_get_expr(adbin, adrelid)
  from users join pg_attrdef d on d.oid = objid join relations r on r.oid = adrelid join pg_attribute a on attrelid = adrelid and attnum = adnum
  where classid = 'pg_attrdef'::regclass
  union all select case rulename when '_RETURN' then 'query' else 'rule' end,
    case rulename when '_RETURN' then part else part || '.' || rulename end, pg_get_ruledef(objid)
  from users join pg_rewrite w on w.oid = objid join relations r on r.oid = ev_class where classid = 'pg_rewrite'::regclass
  union all select 'policy', part || '.' || polname, concat(pg_get_expr(polqual, polrelid), pg_get_expr(polwithcheck, polrelid))
  from users join pg_policy p on p.oid = objid join relations r on r.oid = polrelid where classid = 'pg_policy'::regclass
  union all select 'trigger', part || '.' || tgname, pg_get_triggerdef(objid)
  from users join pg_trigger g on g.oid = objid join relations r on r.oid = tgrelid where classid = 'pg_trigger'::regclass
  union all select 'statistics', nspname || '.' || stxname, pg_get_statisticsobjdef(objid)
  from users join pg_statistic_ext x on x.oid = objid join pg_namespace n on n.oid = stxnamespace where classid = 'pg_statistic_ext'::regclass
)
select distinct kind, name from objects where strpos(text, '::text') > 0 order by 1, 2`

/**
 * What has an expression in which a type of a missing extension is read as the text that stands in for it: it is printed in
 * another way where the type has operators of its own.
 *
 * @param types the last names of the stand-ins
 */
export async function readsStandIns(database: Database, types: readonly string[]): Promise<NotComparable[]> {
  if (types.length === 0) return []
  const { rows } = await database.query(query, [types])
  return rows.flatMap(({ kind, name }) =>
    isKind(kind) ? [{ kind, object: String(name), difference: 'changed' }] : [],
  )
}

const kinds = [
  'constraint',
  'domain',
  'index',
  'column',
  'query',
  'rule',
  'policy',
  'trigger',
  'statistics',
] as const

const isKind = (kind: unknown): kind is (typeof kinds)[number] => kinds.some((each) => each === kind)
