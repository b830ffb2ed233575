import type { Difference } from '../../../checks/migrations/comparison/diff-catalog.ts'
import { type Kind, readObject, type SchemaObject } from '../../../checks/migrations/expected-schema.ts'
import { statementsOf } from '../../../checks/migrations/findings/fix.ts'
import type { Statements, Surroundings } from '../../../checks/migrations/findings/fixes/fix.ts'

/** The expected objects of what is missing as a whole; columns in the order in which the migrations made them. */
export function missingObjects({ part }: Difference, { parts }: Surroundings): SchemaObject[] {
  return parts.find((expected) => expected.part === part)?.objects.map(readObject) ?? []
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

/** `made` and the statements of all that comes afterwards, unless those are differences of their own. */
export function withTheRest(
  difference: Difference,
  around: Surroundings,
  made: Statements,
): Statements | undefined {
  const isApart = around.differences.some(
    ({ part, kind }) => part === difference.part && madeAfterwards.includes(kind),
  )
  const rest = isApart ? [] : missingWith(difference, around).map((each) => statementsOf(each, around))
  if (rest.some((statements) => statements === undefined)) return undefined
  return [...made, ...rest.flatMap((statements = []) => statements)]
}
