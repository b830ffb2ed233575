import { isRecord } from '../../core/is-record.ts'

/** One entity of a snapshot of drizzle-kit 1.0 (versions 8 and 9): a table, a column, an index, … with its own fields. */
export type Entity = Readonly<Record<string, unknown>>

/** How what belongs to a table is named after it; the names of all else are in `words`. */
const separators: Readonly<Record<string, string>> = {
  columns: '.',
  indexes: ' index ',
  fks: ' foreign key ',
  pks: ' primary key ',
  uniques: ' unique ',
  checks: ' check ',
  policies: ' policy ',
}

const words: Readonly<Record<string, string>> = {
  enums: 'enum ',
  schemas: 'schema ',
  sequences: 'sequence ',
  roles: 'role ',
  views: 'view ',
  privileges: 'privilege ',
}

/**
 * What the models say and none of the states does, by name (`public.orders.total`). A folder has several states while
 * two branches of it are not merged: what one of them has, a migration makes.
 */
export function entitiesAhead(models: readonly Entity[], states: readonly (readonly Entity[])[]): string[] {
  const known = new Set(states.flat().map(identity))
  const tables = new Set(states.flat().filter(isTable).map(nameOf))
  const ahead = models.filter((entity) => !known.has(identity(entity)))
  const names = ahead
    // Of a table that is not there, the table is named and not each of its columns.
    .filter((entity) => isTable(entity) || !('table' in entity) || tables.has(tableOf(entity)))
    .map(nameOf)
  return [...new Set(names)].sort()
}

/**
 * An entity as text. Constraints and indexes that the models give no name to are identified by what they do: the names
 * that 1.0 chooses for them are not those that 0.31 chose.
 */
function identity({ nameExplicit, name, concurrently: _, ...entity }: Entity): string {
  return JSON.stringify(normalized({ ...entity, ...(nameExplicit !== false && { name }) }))
}

/**
 * Without what 0.31 and 1.0 write differently for the same thing, which `drizzle-kit up` keeps as it was: expressions
 * name their table or not, types have spaces, numbers have quotes.
 */
function normalized(value: unknown, key = ''): unknown {
  if (Array.isArray(value)) return value.map((item) => normalized(item, key))
  if (typeof value === 'string') return normalizedText(value, key)
  if (!isRecord(value)) return value
  const fields = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1))
  return Object.fromEntries(fields.map(([name, field]) => [name, normalized(field, name)]))
}

const expressions = new Set(['value', 'where', 'as', 'using', 'withCheck', 'definition'])

function normalizedText(text: string, key: string): string {
  if (key === 'type') return text.replaceAll(/\s*([(,])\s*/g, '$1')
  if (key === 'default') return text.replace(/^'([^']*)'(?:::.*)?$/, '$1')
  if (expressions.has(key)) return text.replaceAll(/(?:"(?:[^"]|"")+"\.)+(?=["*])/g, '')
  return text
}

const isTable = ({ entityType }: Entity) => entityType === 'tables'

const tableOf = ({ schema, table }: Entity) => `${String(schema)}.${String(table)}`

function nameOf(entity: Entity): string {
  const { entityType, schema, name } = entity
  const kind = String(entityType)
  const separator = separators[kind]
  if (separator !== undefined) return `${tableOf(entity)}${separator}${String(name)}`
  const qualified = schema === undefined ? String(name) : `${String(schema)}.${String(name)}`
  return `${words[kind] ?? ''}${qualified}`
}
