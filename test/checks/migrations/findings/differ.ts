import type { Difference } from '../../../../src/checks/migrations/comparison/diff-catalog.ts'
import type { ExpectedPart } from '../../../../src/checks/migrations/expected-schema.ts'
import { statementsOf } from '../../../../src/checks/migrations/findings/fix.ts'

/** A difference of this object, by which of its two sides there are. */
export function differ(
  kind: Difference['kind'],
  name: string,
  sides: { expected?: string; found?: string },
  place: Pick<Difference, 'part' | 'partKind'> = { part: 'public.orders', partKind: 'table' },
): Difference {
  const difference =
    sides.expected === undefined ? 'extra' : sides.found === undefined ? 'missing' : 'changed'
  return { difference, kind, name, ...place, ...sides }
}
/** The place of what belongs to no table. */
export const free = { part: '', partKind: null } as const

/** The statements for one difference beside others. */
export const fixed = (
  one: Difference,
  others: readonly Difference[] = [],
  parts: readonly ExpectedPart[] = [],
) => statementsOf(one, { differences: [one, ...others], parts })
