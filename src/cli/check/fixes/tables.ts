import type { Difference } from '../../../checks/migrations/comparison/diff-catalog.ts'
import type { Fix, Surroundings } from '../../../checks/migrations/findings/fixes/fix.ts'
import { ownerOf } from '../../../checks/migrations/findings/known-owners.ts'
import { isMadeWithTable, missingObjects, withTheRest } from './missing-objects.ts'
import { newColumn } from './owned-sequences.ts'

/** Of a partition or an heir the definition is not all, and without its partitions a table takes no rows. */
const isIncomplete = (definition: string): boolean =>
  /\b(partition|inherits|replica identity index)\b/.test(definition)

export const wholeTableFix: Fix = (table, around) => {
  const { difference, part, expected = '', found = '' } = table
  if (difference === 'changed' && found === `unlogged ${expected}`.trim())
    return [`ALTER TABLE ${part} SET LOGGED`]
  // It breaks UPDATE and DELETE of a published table; the others may be set by a tool that replicates.
  if (difference === 'changed' && found === `${expected} replica identity nothing`.trim())
    return [`ALTER TABLE ${part} REPLICA IDENTITY DEFAULT`]
  if (difference !== 'missing') return undefined
  const objects = missingObjects(table, around)
  const definition = objects.find(({ kind }) => kind === 'table')?.definition
  if (definition === undefined || isIncomplete(definition) || maybeRenamed(around)) return undefined
  const sequences = objects.filter(({ kind }) => kind === 'sequence')
  const columns = objects
    .filter(({ kind }) => kind === 'column')
    .map((column) => newColumn(part, column, sequences))
  const constraints = objects
    .filter((object) => object.kind === 'constraint' && isMadeWithTable(object))
    .map(({ name, definition }) => `CONSTRAINT ${name} ${definition}`)
  const unlogged = definition.includes('unlogged') ? 'UNLOGGED ' : ''
  const lines = [...columns.map(({ text }) => text), ...constraints].map((line) => `\n  ${line}`)
  const identity = /replica identity (\w+)/.exec(definition)?.[1]
  return withTheRest(table, around, [
    ...columns.flatMap(({ before }) => before),
    `CREATE ${unlogged}TABLE ${part} (${lines.join()}\n)${storageOf(table, around)}`,
    ...columns.flatMap(({ after }) => after),
    ...(identity ? [`ALTER TABLE ${part} REPLICA IDENTITY ${identity.toUpperCase()}`] : []),
  ])
}

/** What an extra table consists of is not asked. It may be the missing one under another name, with all its rows. */
export const maybeRenamed = ({ differences }: Surroundings): Difference | undefined =>
  differences.find(
    (other) => other.difference === 'extra' && other.kind === 'table' && ownerOf(other) === undefined,
  )

/** Its storage parameters, as CREATE takes them. */
export function storageOf(relation: Difference, around: Surroundings): string {
  const storage = missingObjects(relation, around).find(({ kind }) => kind === 'storage parameters')
  return storage ? ` WITH (${storage.definition})` : ''
}

export const compositeTypeFix: Fix = (type, around) => {
  const attributes = missingObjects(type, around)
    .filter(({ kind }) => kind === 'column')
    .map(({ name, definition }) => `${name} ${definition}`)
  if (type.difference !== 'missing' || attributes.length === 0) return undefined
  return [`CREATE TYPE ${type.part} AS (${attributes.join(', ')})`]
}
