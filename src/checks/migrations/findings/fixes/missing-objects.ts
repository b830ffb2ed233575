import type { Difference } from '../../comparison/diff-catalog.ts'
import { type Kind, readObject, type SchemaObject } from '../../expected-schema.ts'
import type { Surroundings } from './fix.ts'

/** The expected objects of what is missing as a whole; columns in the order in which the migrations made them. */
export function missingObjects({ part }: Difference, { parts }: Surroundings): SchemaObject[] {
  return parts.find((expected) => expected.part === part)?.objects.map(readObject) ?? []
}

/** What is missing as a whole has its definition in the expected schema alone. */
export function withDefinition(difference: Difference, around: Surroundings): Difference {
  const { difference: how, part, kind, name } = difference
  if (how !== 'missing' || part === '' || name !== '' || difference.expected !== undefined) return difference
  const itself = missingObjects(difference, around).find((object) => object.kind === kind)
  return itself ? { ...difference, expected: itself.definition } : difference
}

/** What is made by a statement of its own once its table, or its view, is there. */
const madeAfterwards: readonly Kind[] = [
  'constraint',
  'index',
  'statistics',
  'row level security',
  'policy',
  'rule',
  'trigger',
  'disabled foreign key',
]

const relations: readonly Kind[] = ['table', 'view', 'materialized view']

/** Whether it is one of those: a difference that stands beside the one of its table. */
export const isMadeAfterwards = ({ kind }: Difference): boolean => madeAfterwards.includes(kind)

/** Foreign keys wait for other tables, and CREATE TABLE takes no NOT VALID for what it is. */
export const isMadeWithTable = ({ definition }: SchemaObject): boolean =>
  !/^FOREIGN KEY| NOT VALID$/.test(definition)

/** What is missing with a table or a view and is not made by its CREATE statement, as differences of their own. */
export function missingWith(difference: Difference, around: Surroundings): Difference[] {
  const { part, kind } = difference
  if (difference.difference !== 'missing' || !relations.includes(kind)) return []
  return missingObjects(difference, around)
    .filter((object) => madeAfterwards.includes(object.kind))
    .filter((object) => object.kind !== 'constraint' || !isMadeWithTable(object))
    .map(({ kind: ofObject, name, definition }) => {
      return { difference: 'missing', part, partKind: kind, kind: ofObject, name, expected: definition }
    })
}
