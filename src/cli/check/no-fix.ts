import type { Difference } from '../../checks/migrations/comparison/diff-catalog.ts'
import type { Kind } from '../../checks/migrations/expected-schema.ts'
import { twinOf } from '../../checks/migrations/findings/fixes/columns.ts'
import type { Surroundings } from '../../checks/migrations/findings/fixes/fix.ts'
import { newNameOf } from '../../checks/migrations/findings/fixes/renamed.ts'
import { renamedBy, whyNoRename } from '../../checks/migrations/findings/fixes/renamed-together.ts'
import { whyNoEnumFix } from '../../checks/migrations/findings/fixes/types.ts'
import { objectName } from '../../checks/migrations/findings/object-name.ts'
import { severityOf } from '../../checks/migrations/findings/severity.ts'
import { maybeRenamed } from './fixes/tables.ts'

/** Whether the fix of a missing object makes this extra one into that: it needs none of its own. */
export function isFixedByAnother(difference: Difference, { differences }: Surroundings): boolean {
  const isSequence = difference.difference === 'extra' && difference.kind === 'sequence'
  const leader = renamedBy(difference, differences)
  return (
    newNameOf(difference, differences) !== undefined ||
    (leader !== undefined && leader !== difference) ||
    (isSequence && differences.some((other) => other !== difference && other.name === difference.name))
  )
}

/** Why no statement is certain to be right for a difference. */
export function whyNoFix(difference: Difference, around: Surroundings): string {
  if (severityOf(difference) === 'info') return 'it is information only, and the check passes with it'
  const reasons = { missing, changed, extra }[difference.difference]
  return reasons(difference, around)
}

type Reason = (difference: Difference, around: Surroundings) => string

const missing: Reason = (difference, around) => {
  const { kind, partKind } = difference
  const underAnotherName = (twin: Difference) =>
    `it may be ${objectName(twin)} under another name, and then that has its data: rename it`
  if (kind === 'column') {
    if (partKind !== 'table') return `it comes and goes with its ${partKind}`
    const twin = twinOf(difference, around.differences)
    return twin ? underAnotherName(twin) : 'it is required, and only you know which value the rows get'
  }
  if (kind === 'table') {
    const extraTable = maybeRenamed(around)
    return extraTable ? underAnotherName(extraTable) : 'its partitions, or what it inherits, are not known'
  }
  if (kind === 'sequence')
    return (
      whyNoRename(difference, around.differences, () => false) ??
      'its column brings it along, or an extra sequence may be this one'
    )
  return incomplete[kind] ?? 'its whole definition is not known'
}

const incomplete: { readonly [kind in Kind]?: string } = {
  collation: 'its locale is not compared, so it is not known',
  routine: 'the whole definition of an aggregate is not known',
}

const changed: Reason = (difference) =>
  whyNoEnumFix(difference) ?? inUse[difference.kind] ?? 'to change it could break what uses it'

const inUse: { readonly [kind in Kind]?: string } = {
  column: 'only you know how its values become those of the other definition',
  constraint: 'foreign keys may hang on it',
  query: 'Postgres replaces a view only by one with the same columns',
  routine: 'Postgres replaces a routine only by one with the same arguments and result',
  sequence: 'only you know which column it belonged to',
}

const extra: Reason = ({ kind }) =>
  holdsData.includes(kind) ? 'it may hold data' : 'another tool may own it, or need it'

const holdsData: readonly Kind[] = [
  'table',
  'foreign table',
  'materialized view',
  'column',
  'sequence',
  'schema',
]
