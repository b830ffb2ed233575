/**
 * What a difference between the migrations and the live schema is about: the words of a finding. The configuration and the
 * migrations check share them.
 * @module
 */

/** What a catalog object is; always compared. Everything of one table (columns, indexes, …) is in the part of that table. */
const comparedKinds = [
  'schema',
  'extension',
  'enum',
  'domain',
  'range type',
  'composite type',
  'collation',
  'routine',
  'sequence',
  'table',
  'view',
  'materialized view',
  'foreign table',
  'query',
  'column',
  'constraint',
  'disabled foreign key',
  'index',
  'policy',
  'row level security',
  'rule',
  'statistics',
  'storage parameters',
  'trigger',
] as const

/**
 * Kinds that differ between environments, or that no statement of the application notices: information only, and off
 * unless asked for at build time. `access` is a relation that the checking role may not SELECT from.
 */
export type OptionalKind = 'access' | 'column order' | 'comment' | 'grant' | 'owner' | 'statistics target'

export type Kind = (typeof comparedKinds)[number] | OptionalKind

/** How an object differs from the migrations. */
export const differences = ['missing', 'changed', 'extra'] as const

/** Whether it names findings: a kind that is always compared, a difference, or both as `index:missing`. */
export function isFindingPattern(pattern: string): boolean {
  const kinds: readonly string[] = comparedKinds
  const hows: readonly string[] = differences
  const [first = '', second, ...more] = pattern.split(':')
  if (second === undefined) return kinds.includes(first) || hows.includes(first)
  return kinds.includes(first) && hows.includes(second) && more.length === 0
}
