import type { Difference } from '../../comparison/diff-catalog.ts'
import type { Fix, Statements } from './fix.ts'
import { statedByPostgres } from './indexes.ts'

/**
 * What changes who sees which rows and what writes do: policies, triggers, rules. An extra one may be another tool's,
 * which needs it, so its removal is never offered.
 * @module
 */

/** Made when missing; when changed, dropped and made anew. */
function madeAnew(
  { difference }: Difference,
  drop: string,
  create: Statements | undefined,
): Statements | undefined {
  if (difference === 'extra' || !create) return undefined
  return difference === 'missing' ? create : [drop, ...create]
}

export const policyFix: Fix = (policy) => {
  const { part, name, expected } = policy
  return madeAnew(policy, `DROP POLICY ${name} ON ${part}`, [`CREATE POLICY ${name} ON ${part} ${expected}`])
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

export const ruleFix: Fix = (rule) =>
  madeAnew(rule, `DROP RULE ${rule.name} ON ${rule.part}`, statedByPostgres(rule))

export const triggerFix: Fix = (trigger) => {
  const { part, name, expected, found } = trigger
  if (found === `${expected} [disabled]`) return [`ALTER TABLE ${part} ENABLE TRIGGER ${name}`]
  return madeAnew(trigger, `DROP TRIGGER ${name} ON ${part}`, statedByPostgres(trigger))
}
