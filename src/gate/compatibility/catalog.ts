import type { Database } from '../../compile/replay/database.ts'
import type { LedgerTable } from '../../compile/replay/ledger.ts'
import { prepare } from '../prepare.ts'
import { resultsOf } from '../results.ts'
import { catalogQuery, type Field, readLists } from './catalog-query.ts'
import type { Rights } from './rights.ts'

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
  readonly oid: string
  readonly name: string
  /** `contype`: c CHECK, f foreign key, p primary key, u unique, x exclusion. */
  readonly type: string
  /** Places of its columns. */
  readonly columns: readonly number[]
  /** The expression of a CHECK. */
  readonly check: string
  /** The table that a foreign key references. */
  readonly target: string
}

export interface CatalogRelation {
  readonly oid: string
  /** `schema.name`. */
  readonly name: string
  /** `relkind`: r, p, v, m, f, S. */
  readonly kind: string
  /** Applications do not name partitions. But a table can become a partition, and a partition a table. */
  readonly isPartition: boolean
  readonly hasRowSecurity: boolean
  /** Whether it hides rows from its owner too. */
  readonly forcesRowSecurity: boolean
  readonly columns: readonly CatalogColumn[]
  readonly constraints: readonly CatalogConstraint[]
  /** Places of the columns of every index that ON CONFLICT can name, `1 2`. */
  readonly uniqueKeys: readonly string[]
  readonly triggers: readonly string[]
  /** Name, text and roles. */
  readonly policies: readonly string[]
}

/** What an application can name, and partitions, before or after the pending migrations. */
export interface Catalog {
  readonly relations: readonly CatalogRelation[]
  readonly enums: readonly { readonly name: string; readonly labels: readonly string[] }[]
  /** `schema.name(arguments)`, without those that only triggers call. */
  readonly functions: readonly string[]
  readonly rights: readonly Rights[]
}

/**
 * Names of types are printed as the search path finds them, and times in policies in the time zone of the session. A migration may
 * change both, and what is read before the pending ones has another time zone than production.
 */
const pinned = { search_path: 'public', timezone: 'UTC', datestyle: 'ISO', intervalstyle: 'postgres' }
const pin = `select ${Object.entries(pinned)
  .map(
    ([name, value]) =>
      `set_config('edge_health.${name}', current_setting('${name}'), true), set_config('${name}', '${value}', true)`,
  )
  .join(', ')}`
const unpin = `select ${Object.keys(pinned)
  .map((name) => `set_config('${name}', current_setting('edge_health.${name}'), true)`)
  .join(', ')}`

/** Reads what an application can name, of all schemas that are not Postgres's own. */
export async function readCatalog(database: Database, ledger: LedgerTable): Promise<Catalog> {
  const query = await prepare(database, 'edge_health_catalog', catalogQuery)
  const results = await database.exec(`${pin}; ${query}; ${unpin}`)
  const all = readLists(String(resultsOf(results)[1]?.rows?.[0]?.['lists']))
  const columns = Map.groupBy(all('columns', toColumn), ({ relation }) => relation)
  const constraints = Map.groupBy(all('constraints', toConstraint), ({ relation }) => relation)
  const textsOf = (list: 'keys' | 'triggers' | 'policies') =>
    Map.groupBy(
      all(list, (field) => ({ relation: String(field('relation')), text: String(field('text')) })),
      ({ relation }) => relation,
    )
  const [keys, triggers, policies] = [textsOf('keys'), textsOf('triggers'), textsOf('policies')]
  const isLedger = (name: string) => name === `${ledger.schema}.${ledger.table}`
  const relations = all('relations', (field) => {
    const oid = String(field('oid'))
    const name = String(field('name'))
    const kind = String(field('kind'))
    const own = columns.get(oid) ?? []
    const rights = [...texts(field('rights')), ...own.flatMap((column) => column.rights)]
    const relation: CatalogRelation = {
      ...{ oid, name, kind, isPartition: field('isPartition') === true },
      hasRowSecurity: field('secured') === true,
      forcesRowSecurity: field('forced') === true,
      columns: kind === 'S' ? [] : own.toSorted((one, other) => one.place - other.place),
      constraints: constraints.get(oid) ?? [],
      uniqueKeys: sorted(keys.get(oid)),
      triggers: sorted(triggers.get(oid)),
      policies: sorted(policies.get(oid)),
    }
    return {
      relation,
      isNamed: field('isNamed') === true,
      rights: { key: `relation ${oid}`, object: name, rights },
    }
  })
  return {
    relations: relations.flatMap(({ isNamed, relation }) =>
      isNamed && !isLedger(relation.name) ? [relation] : [],
    ),
    enums: all('enums', (field) => ({ name: String(field('name')), labels: texts(field('labels')) })),
    functions: all('functions', (field) => String(field('name'))),
    rights: [
      ...relations.map(({ rights }) => rights),
      ...all('routineRights', (field) => ({
        key: `routine ${field('oid')}`,
        object: String(field('name')),
        rights: texts(field('rights')),
      })),
      ...all('schemaRights', (field) => ({
        key: `schema ${field('oid')}`,
        object: `schema ${field('name')}`,
        rights: texts(field('rights')),
      })),
    ],
  }
}

const sorted = (rows: readonly { readonly text: string }[] = []) => rows.map(({ text }) => text).sort()

const texts = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : [])

const toColumn = (field: Field<'columns'>) => ({
  relation: String(field('relation')),
  place: Number(field('place')),
  name: String(field('name')),
  type: String(field('type')),
  notNull: field('notNull') === true,
  hasDefault: field('hasDefault') === true,
  isGenerated: field('isGenerated') === true,
  collation: String(field('collation')),
  rights: texts(field('rights')),
})

const toConstraint = (field: Field<'constraints'>) => ({
  oid: String(field('oid')),
  relation: String(field('relation')),
  name: String(field('name')),
  type: String(field('type')),
  columns: String(field('columns') ?? '')
    .split(' ')
    .filter(Boolean)
    .map(Number),
  check: String(field('check') ?? ''),
  target: String(field('target') ?? ''),
})
