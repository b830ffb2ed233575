import type { Difference } from '../../comparison/diff-catalog.ts'
import type { Fix, Statements } from './fix.ts'
import { statedByPostgres } from './indexes.ts'
import { renamedFrom } from './renamed.ts'

/**
 * What changes who sees which rows and what writes do: policies, triggers, rules. An extra one may be another tool's,
 * which needs it, so its removal is never offered.
 * @module
 */

/**
 * Made when missing, or renamed: beside the one of the old name, a trigger or a rule would run twice for each write. When changed,
 * dropped and made anew.
 */
function madeAnew(
  difference: Difference,
  differences: readonly Difference[],
  create: Statements | undefined,
): Statements | undefined {
  const { kind, part, name } = difference
  const on = `${kind.toUpperCase()} ${name} ON ${part}`
  if (difference.difference === 'extra') return undefined
  const old = renamedFrom(difference, differences)
  if (old) return [`ALTER ${kind.toUpperCase()} ${old.name} ON ${part} RENAME TO ${name}`]
  return difference.difference === 'missing' || !create ? create : [`DROP ${on}`, ...create]
}

export const policyFix: Fix = (policy, { differences }) => {
  const { part, name, expected } = policy
  return madeAnew(policy, differences, [`CREATE POLICY ${name} ON ${part} ${expected}`])
}

/** Only ever hides more rows: an extra one may be a platform's, and without it every row is visible to every role. */
export const rowLevelSecurityFix: Fix = ({ part, expected = '', found = '' }) => {
  const [want, have] = [securityOf(expected), securityOf(found)]
  if ((have.isEnabled && !want.isEnabled) || (have.isForced && !want.isForced)) return undefined
  const enable = want.isEnabled ? 'ENABLE' : 'DISABLE'
  const force = want.isForced ? 'FORCE' : 'NO FORCE'
  return [`ALTER TABLE ${part} ${enable} ROW LEVEL SECURITY, ${force} ROW LEVEL SECURITY`]
}

const securityOf = (definition: string) => ({
  isEnabled: definition.startsWith('enabled'),
  isForced: definition.startsWith('forced') || definition.endsWith('forced'),
})

export const ruleFix: Fix = (rule, { differences }) => madeAnew(rule, differences, statedByPostgres(rule))

export const triggerFix: Fix = (trigger, { differences }) => {
  const { part, name, expected, found } = trigger
  if (found === `${expected} [disabled]`) return [`ALTER TABLE ${part} ENABLE TRIGGER ${name}`]
  return madeAnew(trigger, differences, statedByPostgres(trigger))
}
