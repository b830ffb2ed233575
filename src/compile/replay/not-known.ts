import type { NotComparable } from '../../checks/migrations/expected-schema.ts'
import { standInBody, standInMark } from '../../checks/migrations/stand-ins.ts'
import type { Database } from './database.ts'
import type { Missing } from './missing-extension.ts'
import { readsStandIns } from './reads-stand-ins.ts'

/** All that cannot be known of the database, after the replay. */
export async function notComparable(
  database: Database,
  { extensions, types, objects }: Missing,
): Promise<NotComparable[]> {
  if (extensions.length === 0) return []
  const { rows: there } = await database.query('select extname as name from pg_extension')
  const names = types.map((type) => type.slice(type.lastIndexOf('.') + 1))
  const { rows } = await database.query(
    `select concat_ws('.', n.nspname, c.relname, a.attname) as name from pg_attribute a
    join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace join pg_type t on t.oid = a.atttypid
    left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
    where a.attnum > 0 and not a.attisdropped and c.relkind in ('r', 'p', 'v', 'm', 'f')
      and (t.typname = any($1) or t.typelem in (select oid from pg_type where typname = any($1))
        or strpos(pg_get_expr(d.adbin, d.adrelid), $2) > 0)
    order by concat_ws('.', n.nspname, c.relname, a.attname) collate "C"`,
    [names, standInMark],
  )
  const { rows: checks } = await database.query(
    `select case when k.contypid = 0 then 'constraint' else 'domain' end as kind,
      concat_ws('.', n.nspname, coalesce(t.typname, c.relname), case when k.contypid = 0 then k.conname end) as name
    from pg_constraint k join pg_namespace n on n.oid = k.connamespace
    left join pg_class c on c.oid = k.conrelid left join pg_type t on t.oid = k.contypid
    where k.contype = 'c' and strpos(pg_get_constraintdef(k.oid), $1) > 0
    union select 'domain', concat_ws('.', n.nspname, t.typname) from pg_type t join pg_namespace n on n.oid = t.typnamespace
    where t.typtype = 'd' and strpos(pg_get_expr(t.typdefaultbin, 0), $1) > 0
    order by 1, 2`,
    [standInMark],
  )
  const { rows: routines } = await database.query(
    `select n.nspname || '.' || f.proname || '(' || oidvectortypes(f.proargtypes) || ')' as name
    from pg_proc f join pg_namespace n on n.oid = f.pronamespace
    where f.prosrc = $2 or exists (select from pg_type t where t.oid = any(f.proargtypes || f.prorettype)
      and (t.typname = any($1) or t.typelem in (select oid from pg_type where typname = any($1))))
    order by 1`,
    [names, standInBody],
  )
  return [
    ...extensions
      .filter((object) => !there.some(({ name }) => name === object))
      .map((object): NotComparable => ({ kind: 'extension', object, difference: 'extra' })),
    ...rows.map(
      ({ name }): NotComparable => ({ kind: 'column', object: String(name), difference: 'changed' }),
    ),
    ...checks.map(
      ({ kind, name }): NotComparable => ({
        kind: kind === 'domain' ? 'domain' : 'constraint',
        object: String(name),
        difference: 'changed',
      }),
    ),
    ...routines.map(
      ({ name }): NotComparable => ({ kind: 'routine', object: String(name), difference: 'changed' }),
    ),
    ...(await readsStandIns(database, names)).filter(
      ({ kind, object }) => !rows.some(({ name }) => kind === 'column' && name === object),
    ),
    ...objects,
  ]
}
