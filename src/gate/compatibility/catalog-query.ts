import { firstUserOid } from '../../compile/replay/first-user-oid.ts'
import { isUsersSchema } from '../../compile/replay/users-schema.ts'
import { rightsIn } from './rights-query.ts'

interface List {
  /** An SQL expression for each field. */
  readonly fields: Readonly<Record<string, string>>
  readonly from: string
}

/** Not what belongs to extensions, nor sequences that belong to a column. */
const isNamedByApplications = `c.oid <> all (array(select d.objid from pg_depend d where d.refclassid = 'pg_extension'::regclass and d.deptype = 'e' and d.classid = 'pg_class'::regclass))
  and (c.relkind <> 'S' or not exists (select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype in ('a', 'i')))`

const ofUsersRoutine = `from pg_proc p join pg_namespace n on n.oid = p.pronamespace
  where p.oid >= ${firstUserOid} and ${isUsersSchema('n.nspname')}`

const className = `n.nspname || '.' || c.relname`
const routineName = `n.nspname || '.' || p.proname || '(' || oidvectortypes(p.proargtypes) || ')'`

const lists = {
  relations: {
    fields: {
      oid: 'c.oid',
      name: className,
      kind: 'c.relkind',
      isNamed: isNamedByApplications,
      isPartition: 'c.relispartition',
      secured: 'c.relrowsecurity',
      forced: 'c.relrowsecurity and c.relforcerowsecurity',
      rights: rightsIn('c.relacl', 'c.relowner'),
    },
    from: `from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where c.relkind in ('r', 'p', 'v', 'm', 'f', 'S') and c.oid >= ${firstUserOid} and ${isUsersSchema('n.nspname')}`,
  },
  columns: {
    fields: {
      relation: 'a.attrelid',
      place: 'a.attnum',
      name: 'a.attname',
      type: 'format_type(a.atttypid, a.atttypmod)',
      notNull: 'a.attnotnull or y.typnotnull',
      // A domain may have a default of its own.
      hasDefault: `a.atthasdef or a.attidentity <> '' or y.typdefault is not null`,
      isGenerated: `a.attidentity = 'a' or a.attgenerated <> ''`,
      collation: 'a.attcollation',
      rights: rightsIn('a.attacl', 'c.relowner', `' (' || a.attname || ')'`),
    },
    from: `from pg_attribute a join pg_class c on c.oid = a.attrelid and c.relkind in ('r', 'p', 'v', 'm', 'f', 'S')
      join pg_type y on y.oid = a.atttypid
      where a.attnum > 0 and not a.attisdropped and a.attrelid >= ${firstUserOid}`,
  },
  constraints: {
    fields: {
      oid: 'k.oid',
      relation: 'k.conrelid',
      name: 'k.conname',
      type: 'k.contype',
      columns: `array_to_string(k.conkey, ' ')`,
      check: `case k.contype when 'c' then pg_get_expr(k.conbin, k.conrelid) end`,
      target: `case k.contype when 'f' then k.confrelid::regclass::text end`,
    },
    from: `from pg_constraint k where k.conrelid >= ${firstUserOid} and k.contype in ('c', 'f', 'p', 'u', 'x')`,
  },
  keys: {
    fields: {
      relation: 'i.indrelid',
      // ON CONFLICT names them in any order, and not those behind INCLUDE.
      text: `case i.indnatts when 1 then i.indkey::text
        else (select string_agg(k::text, ' ' order by k) from unnest((i.indkey::int2[])[0:i.indnkeyatts - 1]) k) end`,
    },
    from: `from pg_index i where i.indisunique and i.indpred is null and i.indexprs is null and i.indrelid >= ${firstUserOid}`,
  },
  triggers: {
    fields: { relation: 'g.tgrelid', text: 'g.tgname' },
    from: 'from pg_trigger g where not g.tgisinternal',
  },
  policies: {
    fields: {
      relation: 'p.polrelid',
      text: `concat_ws(' ', p.polname, p.polcmd, p.polpermissive, pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid),
        (select string_agg(r.rolname, ', ' order by r.rolname) from pg_roles r where r.oid = any(p.polroles)))`,
    },
    from: 'from pg_policy p',
  },
  enums: {
    fields: { name: 'e.name', labels: 'e.labels' },
    from: `from (select n.nspname || '.' || t.typname as name, json_agg(e.enumlabel order by e.enumsortorder) as labels
      from pg_type t join pg_namespace n on n.oid = t.typnamespace join pg_enum e on e.enumtypid = t.oid
      where ${isUsersSchema('n.nspname')} group by 1) e`,
  },
  functions: {
    fields: { name: routineName },
    from: `${ofUsersRoutine} and p.prorettype not in ('trigger'::regtype, 'event_trigger'::regtype)
      and not exists (select from pg_depend d where d.classid = 'pg_proc'::regclass and d.objid = p.oid and d.deptype in ('e', 'i'))`,
  },
  routineRights: {
    fields: {
      oid: 'p.oid',
      name: routineName,
      rights: rightsIn(`coalesce(p.proacl, acldefault('f', p.proowner))`, 'p.proowner'),
    },
    from: ofUsersRoutine,
  },
  schemaRights: {
    fields: {
      oid: 'n.oid',
      name: 'n.nspname',
      rights: rightsIn(`coalesce(n.nspacl, acldefault('n', n.nspowner))`, 'n.nspowner'),
    },
    from: `from pg_namespace n where ${isUsersSchema('n.nspname')}`,
  },
} as const satisfies Record<string, List>

type ListName = keyof typeof lists

/**
 * All lists in one text, each field as one array. The query runs after each file, and with rows, or an object for each row,
 * the embedded Postgres is several times slower.
 */
export const catalogQuery = `select json_build_object(${Object.entries(lists)
  .map(([name, { fields, from }]) => {
    const arrays = Object.entries(fields).map(([field, expression]) => `'${field}', array_agg(${expression})`)
    return `'${name}', (select json_build_object(${arrays.join(', ')}) ${from})`
  })
  .join(', ')})::text as lists`

/** A value of one row, by the name of its field. */
export type Field<Name extends ListName> = (name: keyof (typeof lists)[Name]['fields'] & string) => unknown

/** Reads the answer to {@link catalogQuery}. @returns a function that maps the rows of one list */
export function readLists(text: string) {
  const asked: Record<string, Record<string, readonly unknown[] | null>> = JSON.parse(text)
  return function all<Name extends ListName, T>(name: Name, make: (field: Field<Name>) => T): T[] {
    const arrays = asked[name] ?? {}
    const count = Object.values(arrays)[0]?.length ?? 0
    return Array.from({ length: count }, (_, at) => make((field) => arrays[field]?.[at]))
  }
}
