import type { Database } from '../../compile/replay/database.ts'
import { firstUserOid } from '../../compile/replay/first-user-oid.ts'
import type { LedgerTable } from '../../compile/replay/ledger.ts'
import { isUsersSchema } from '../../compile/replay/users-schema.ts'
import { prepare } from '../prepare.ts'
import type { Rights } from './rights.ts'
import { rightsQuery } from './rights-query.ts'

export interface CatalogColumn {
  /** `attnum`, which a rename keeps. */
  readonly place: number
  readonly name: string
  readonly type: string
  readonly notNull: boolean
  /** Whether an INSERT may leave it out although it is NOT NULL. */
  readonly hasDefault: boolean
  /** An explicit value is refused: GENERATED ALWAYS. */
  readonly isGenerated: boolean
  readonly collation: string
}

export interface CatalogConstraint {
  readonly name: string
  /** `contype`: c CHECK, f foreign key, p primary key, u unique, x exclusion. */
  readonly type: string
  /** Places of its columns. */
  readonly columns: readonly number[]
}

export interface CatalogRelation {
  readonly oid: string
  /** `schema.name`. */
  readonly name: string
  /** `relkind`: r, p, v, m, f, S. */
  readonly kind: string
  readonly hasRowSecurity: boolean
  readonly columns: readonly CatalogColumn[]
  readonly constraints: readonly CatalogConstraint[]
  /** Places of the columns of every index that ON CONFLICT can name, `1 2`. */
  readonly uniqueKeys: readonly string[]
  readonly triggers: readonly string[]
  /** Name and text. */
  readonly policies: readonly string[]
}

/** What an application can name: as the release that runs now finds it, or as the new one will. Partitions are not named. */
export interface Catalog {
  readonly relations: readonly CatalogRelation[]
  readonly enums: readonly { readonly name: string; readonly labels: readonly string[] }[]
  /** `schema.name(arguments)`, without those that only triggers call. */
  readonly functions: readonly string[]
  readonly rights: readonly Rights[]
}

const lists: Readonly<Record<string, string>> = {
  relations: `select c.oid::text as id, n.nspname || '.' || c.relname as name, c.relkind::text as kind, c.relrowsecurity as secured
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relkind in ('r', 'p', 'v', 'm', 'f', 'S') and c.oid >= ${firstUserOid} and not c.relispartition and ${isUsersSchema('n.nspname')}
      and not exists (select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid
        and (d.deptype = 'e' or c.relkind = 'S' and d.deptype in ('a', 'i')))`,
  columns: `select a.attrelid as relation, a.attnum::int as place, a.attname as name, format_type(a.atttypid, a.atttypmod) as type,
    a.attnotnull as "notNull", a.atthasdef or a.attidentity <> '' as "hasDefault",
    a.attidentity = 'a' or a.attgenerated <> '' as "isGenerated", a.attcollation::text as collation
    from pg_attribute a join pg_class c on c.oid = a.attrelid and c.relkind in ('r', 'p', 'v', 'm', 'f')
    where a.attnum > 0 and not a.attisdropped and a.attrelid >= ${firstUserOid} order by a.attnum`,
  constraints: `select k.conrelid as relation, k.conname as name, k.contype::text as type, coalesce(to_json(k.conkey), '[]'::json) as columns
    from pg_constraint k where k.conrelid >= ${firstUserOid} and k.contype in ('c', 'f', 'p', 'u', 'x')`,
  keys: `select i.indrelid as relation, i.indkey::text as text from pg_index i
    where i.indisunique and i.indpred is null and i.indexprs is null and i.indrelid >= ${firstUserOid}`,
  triggers: `select g.tgrelid as relation, g.tgname as text from pg_trigger g where not g.tgisinternal`,
  policies: `select p.polrelid as relation, concat_ws(' ', p.polname, p.polcmd, p.polpermissive,
    pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid)) as text from pg_policy p`,
  enums: `select n.nspname || '.' || t.typname as name, json_agg(e.enumlabel order by e.enumsortorder) as labels
    from pg_type t join pg_namespace n on n.oid = t.typnamespace join pg_enum e on e.enumtypid = t.oid
    where ${isUsersSchema('n.nspname')} group by 1`,
  functions: `select n.nspname || '.' || p.proname || '(' || oidvectortypes(p.proargtypes) || ')' as name
    from pg_proc p join pg_namespace n on n.oid = p.pronamespace
    where p.oid >= ${firstUserOid} and ${isUsersSchema('n.nspname')} and p.prorettype not in ('trigger'::regtype, 'event_trigger'::regtype)
      and not exists (select from pg_depend d where d.classid = 'pg_proc'::regclass and d.objid = p.oid and d.deptype in ('e', 'i'))`,
  rights: rightsQuery,
}

/** All lists in one text: the embedded Postgres hands rows over slowly, and this is asked after each file. */
const catalogQuery = `select json_build_object(${Object.entries(lists)
  .map(([name, query]) => `'${name}', (select json_agg(rows) from (${query}) rows)`)
  .join(', ')})::text as lists`

type Row = Record<string, unknown>

/** Reads what an application can name, of all schemas that are not Postgres's own. */
export async function readCatalog(database: Database, { schema, table }: LedgerTable): Promise<Catalog> {
  const { rows } = await database.query(await prepare(database, 'edge_health_catalog', catalogQuery))
  const asked: Record<string, Row[] | null> = JSON.parse(String(rows[0]?.['lists']))
  const all = (name: string) => asked[name] ?? []
  const ofRelation = (name: string) => Map.groupBy(all(name), (row) => String(row['relation']))
  const [columns, constraints] = [ofRelation('columns'), ofRelation('constraints')]
  const texts = [ofRelation('keys'), ofRelation('triggers'), ofRelation('policies')]
  const isLedger = (name: string) => name === `${schema}.${table}` || name === `${schema}.${table}_id_seq`
  return {
    relations: all('relations')
      .filter(({ name }) => !isLedger(String(name)))
      .map((row): CatalogRelation => {
        const oid = String(row['id'])
        const [uniqueKeys = [], triggers = [], policies = []] = texts.map((rowsOf) =>
          (rowsOf.get(oid) ?? []).map(({ text }) => String(text)).sort(),
        )
        return {
          oid,
          name: String(row['name']),
          kind: String(row['kind']),
          hasRowSecurity: row['secured'] === true,
          columns: (columns.get(oid) ?? []).map(toColumn),
          constraints: (constraints.get(oid) ?? []).map(toConstraint),
          ...{ uniqueKeys, triggers, policies },
        }
      }),
    enums: all('enums').map(({ name, labels }) => ({ name: String(name), labels: list(labels).map(String) })),
    functions: all('functions').map(({ name }) => String(name)),
    rights: all('rights').map(({ key, name, rights }) => ({
      key: String(key),
      object: String(name),
      rights: list(rights).map(String),
    })),
  }
}

const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])

const toColumn = (row: Row): CatalogColumn => ({
  place: Number(row['place']),
  name: String(row['name']),
  type: String(row['type']),
  notNull: row['notNull'] === true,
  hasDefault: row['hasDefault'] === true,
  isGenerated: row['isGenerated'] === true,
  collation: String(row['collation']),
})

const toConstraint = (row: Row): CatalogConstraint => ({
  name: String(row['name']),
  type: String(row['type']),
  columns: list(row['columns']).map(Number),
})
