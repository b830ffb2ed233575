import type { Difference } from '../../comparison/diff-catalog.ts'
import { readObject } from '../../expected-schema.ts'
import { objectName } from '../object-name.ts'
import type { Fix, Surroundings } from './fix.ts'
import { isMadeWithTable, missingObjects } from './missing-objects.ts'
import { newColumn } from './sequences.ts'

/** Of a partition or an heir the definition is not all, and without its partitions a table takes no rows. */
const isIncomplete = (definition: string): boolean =>
  /\b(partition|inherits|replica identity index)\b/.test(definition)

export const tableFix: Fix = (table, around) => {
  const { difference, part, expected = '', found = '' } = table
  if (difference === 'changed')
    return found === `unlogged ${expected}`.trim() ? [`ALTER TABLE ${part} SET LOGGED`] : undefined
  if (difference === 'extra' || isIncomplete(expected) || maybeRenamed(around)) return undefined
  const objects = missingObjects(table, around)
  if (objects.length === 0) return undefined
  const sequences = objects.filter(({ kind }) => kind === 'sequence')
  const columns = objects
    .filter(({ kind }) => kind === 'column')
    .map((column) => newColumn(part, column, sequences))
  const constraints = objects
    .filter((object) => object.kind === 'constraint' && isMadeWithTable(object))
    .map(({ name, definition }) => `CONSTRAINT ${name} ${definition}`)
  const unlogged = expected.includes('unlogged') ? 'UNLOGGED ' : ''
  const lines = [...columns.map(({ text }) => text), ...constraints]
  const identity = /replica identity (\w+)/.exec(expected)?.[1]
  return [
    ...columns.flatMap(({ before }) => before),
    `CREATE ${unlogged}TABLE ${part} (${lines.join(', ')})${storageOf(table, around)}`,
    ...columns.flatMap(({ after }) => after),
    ...(identity ? [`ALTER TABLE ${part} REPLICA IDENTITY ${identity.toUpperCase()}`] : []),
  ]
}

/** What an extra table consists of is not asked. It may be the missing one under another name, with all its rows. */
export const maybeRenamed = ({ differences }: Surroundings): Difference | undefined =>
  differences.find(({ difference, kind }) => difference === 'extra' && kind === 'table')

function storageOf(relation: Difference, around: Surroundings): string {
  const storage = missingObjects(relation, around).find(({ kind }) => kind === 'storage parameters')
  return storage ? ` WITH (${storage.definition})` : ''
}

/** The text of a view, which has a part of its own. */
const queryOf = (part: string, { parts }: Surroundings): string | undefined =>
  parts
    .find((expected) => expected.part === `${part} query`)
    ?.objects.map(readObject)[0]
    ?.definition.replace(/;\s*$/, '')
    .trim()

export const viewFix: Fix = (view, around) => {
  const { difference, part, expected = '', found = '' } = view
  if (difference === 'changed') {
    // ALTER VIEW takes one action at a time.
    const actions = setAndReset(inParentheses(expected), inParentheses(found))
    return actions.map((action) => `ALTER VIEW ${part} ${action}`)
  }
  const query = queryOf(part, around)
  if (difference === 'extra' || query === undefined) return undefined
  return [`CREATE VIEW ${part} ${expected}${expected && ' '}AS ${query}`]
}

const inParentheses = (options: string): string => options.replace(/^with \(|\)$/g, '')

export const materializedViewFix: Fix = (view, around) => {
  const { difference, part, expected = '' } = view
  if (difference === 'changed') return expected === '' ? [`REFRESH MATERIALIZED VIEW ${part}`] : undefined
  const query = queryOf(part, around)
  if (difference === 'extra' || query === undefined) return undefined
  return [`CREATE MATERIALIZED VIEW ${part}${storageOf(view, around)} AS ${query} ${expected}`.trimEnd()]
}

/** A view keeps its columns with CREATE OR REPLACE, which Postgres refuses where names or order differ. */
export const queryFix: Fix = (query, around) => {
  const view = objectName(query)
  const part = around.parts.find((expected) => expected.part === view)
  const head = part?.objects.map(readObject).find(({ kind }) => kind === 'view')
  const { difference, expected = '', found = '' } = query
  const names = columnNames(expected)
  if (!head || difference !== 'changed' || names === '' || names !== columnNames(found)) return undefined
  if (around.differences.some((other) => other.part === view && other.kind === 'column')) return undefined
  return [
    `CREATE OR REPLACE VIEW ${view} ${head.definition}${head.definition && ' '}AS ${queryOf(view, around)}`,
  ]
}

/** The names in the outermost SELECT of a simple view, which Postgres prints one in a line. */
function columnNames(query: string): string {
  const list = /^ SELECT (.*?)\n +FROM /s.exec(query)?.[1] ?? ''
  return list
    .split(',\n')
    .map((column) => /("(?:[^"]|"")+"|[\w$]+)$/.exec(column)?.[1])
    .join()
}

function setAndReset(expected: string, found: string): string[] {
  const names = (options: string) => options.split(', ').map((option) => option.split('=')[0])
  const extra = found === '' ? [] : names(found).filter((name) => !names(expected).includes(name))
  return [
    ...(expected === '' ? [] : [`SET (${expected})`]),
    ...(extra.length > 0 ? [`RESET (${extra.join(', ')})`] : []),
  ]
}

export const storageParametersFix: Fix = ({ part, partKind, expected = '', found = '' }) => {
  const relation = partKind === 'materialized view' ? 'MATERIALIZED VIEW' : 'TABLE'
  return [`ALTER ${relation} ${part} ${setAndReset(expected, found).join(', ')}`]
}
