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

export const rowLevelSecurityFix: Fix = ({ part, expected = '' }) => {
  const enable = expected.startsWith('enabled') ? 'ENABLE' : 'DISABLE'
  const force = expected.startsWith('forced') || expected.endsWith('forced') ? 'FORCE' : 'NO FORCE'
  return [`ALTER TABLE ${part} ${enable} ROW LEVEL SECURITY, ${force} ROW LEVEL SECURITY`]
}

export const ruleFix: Fix = (rule) =>
  madeAnew(rule, `DROP RULE ${rule.name} ON ${rule.part}`, statedByPostgres(rule))

export const triggerFix: Fix = (trigger) => {
  const { part, name, expected, found } = trigger
  if (found === `${expected} [disabled]`) return [`ALTER TABLE ${part} ENABLE TRIGGER ${name}`]
  return madeAnew(trigger, `DROP TRIGGER ${name} ON ${part}`, statedByPostgres(trigger))
}
