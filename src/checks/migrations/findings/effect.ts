import type { Difference } from '../comparison/diff-catalog.ts'
import type { Kind } from '../expected-schema.ts'
import { isTable, severityOf } from './severity.ts'

const hidesRows = 'it decides who sees and writes which rows'
const runsOnWrites = 'it runs when the table is written to'

/** What an extra object does to an application that does not know it, by its kind. */
const effects: Readonly<Partial<Record<Kind, string>>> = {
  column: 'an INSERT that does not name it fails',
  index: 'a write of a second equal value fails',
  constraint: 'a write that it forbids fails',
  'disabled foreign key': 'rows that point to nothing are accepted',
  policy: hidesRows,
  'row level security': hidesRows,
  rule: runsOnWrites,
  trigger: runsOnWrites,
}

/** Why an extra object fails the check: what it breaks. Undefined for one that breaks nothing, and for all that is not extra. */
export function effectOf(difference: Difference): string | undefined {
  if (difference.difference !== 'extra' || severityOf(difference) !== 'fail') return undefined
  const { kind, partKind } = difference
  if (kind === 'column' && !isTable(partKind)) return 'its rows have one value more than expected'
  return effects[kind]
}
