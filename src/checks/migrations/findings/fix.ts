import type { Difference } from '../comparison/diff-catalog.ts'
import type { Kind } from '../expected-schema.ts'
import { columnFix } from './fixes/columns.ts'
import { constraintFix, disabledForeignKeyFix } from './fixes/constraints.ts'
import type { Fix, Statements, Surroundings } from './fixes/fix.ts'
import { indexFix, statisticsFix } from './fixes/indexes.ts'
import { routineFix } from './fixes/routines.ts'
import { sequenceFix } from './fixes/sequences.ts'
import { storageParametersFix } from './fixes/storage-parameters.ts'
import { domainFix, enumFix } from './fixes/types.ts'
import { policyFix, rowLevelSecurityFix, ruleFix, triggerFix } from './fixes/writes.ts'
import { ownerOf } from './known-owners.ts'

const none: Fix = () => undefined

/** In the order in which they can be run, as far as kinds alone tell it. */
const fixes: { readonly [kind in Kind]?: Fix } = {
  schema: ({ difference, name }) => (difference === 'missing' ? [`CREATE SCHEMA ${name}`] : undefined),
  extension: ({ difference, name, expected }) =>
    difference === 'missing' ? [`CREATE EXTENSION ${name} ${expected}`] : undefined,
  enum: enumFix,
  domain: domainFix,
  'composite type': none,
  sequence: sequenceFix,
  routine: routineFix,
  table: none,
  column: columnFix,
  constraint: constraintFix,
  'disabled foreign key': disabledForeignKeyFix,
  'materialized view': none,
  view: none,
  query: none,
  index: indexFix,
  statistics: statisticsFix,
  'storage parameters': storageParametersFix,
  'row level security': rowLevelSecurityFix,
  policy: policyFix,
  rule: ruleFix,
  trigger: triggerFix,
}

const kinds = Object.keys(fixes)

/** The smaller, the earlier: extra constraints go first, and foreign keys before the keys that they refer to. */
export function rankOf({ kind, difference, found }: Difference): number {
  if (kind === 'constraint' && difference === 'extra') return found?.startsWith('FOREIGN') ? -2 : -1
  const rank = kinds.indexOf(kind)
  return rank < 0 ? kinds.length : rank
}

/**
 * The statements that fix a difference, where they are certain: they neither drop data nor guess what somebody
 * meant, and they say the same as the migrations. Written for a person to read before they are run.
 *
 * @param around what else differs, and fixes that take the place of these
 */
export function statementsOf(difference: Difference, around: Surroundings): Statements | undefined {
  const { kind } = difference
  // To remove it would break the tool that added it.
  if (difference.difference === 'extra' && ownerOf(difference)) return undefined
  return (around.fixes?.[kind] ?? fixes[kind])?.(difference, around)
}
