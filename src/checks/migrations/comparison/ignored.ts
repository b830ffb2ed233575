import { createWildcard } from '../../../core/wildcard.ts'
import type { Scope } from '../expected-schema.ts'
import { localName, objectName } from '../findings/object-name.ts'
import type { Difference } from './diff-catalog.ts'

/**
 * Whether a difference is left out on request: an `--ignore` pattern names its object or the table that it is in, or it is
 * an extra table that the `tablesFilter` of the drizzle.config leaves out.
 *
 * A pattern is the name of an object as findings show it, with its quotes or without, `*` stands for any characters, and the kind may stand before
 * it: `public.hdb_*`, `trigger:public.orders.notify_*`.
 */
export function createIsIgnored({
  ignore = [],
  tablesFilter = [],
}: Scope): (difference: Difference) => boolean {
  const patterns = ignore.map(readPattern)
  const filter = tablesFilter.map((pattern) => ({
    excludes: pattern.startsWith('!'),
    matches: createWildcard(pattern.replace(/^!/, '')),
  }))
  return (difference) =>
    patterns.some((pattern) => pattern(difference)) ||
    (difference.difference === 'extra' &&
      difference.name === '' &&
      isFilteredOut(tableOf(difference), filter))
}

/** The kind and the name of an `--ignore` pattern; names have no colon unless they are quoted. */
export const splitPattern = (pattern: string): { kind: string | undefined; name: string } => {
  const [, kind, name = pattern] = /^([a-z ]+):(.*)$/s.exec(pattern) ?? []
  return { kind, name }
}

function readPattern(pattern: string): (difference: Difference) => boolean {
  const { kind, name } = splitPattern(pattern)
  const wildcard = createWildcard(name)
  // The advice of compile has names without their quotes.
  const matches = (text: string) => wildcard(text) || wildcard(text.replaceAll('"', ''))
  return (difference) => {
    if (kind !== undefined && kind !== difference.kind) return false
    return matches(objectName(difference)) || (kind === undefined && matches(difference.part))
  }
}

/** `orders` of `public.orders`: the filter of drizzle-kit sees no schema. */
const tableOf = ({ part }: Difference): string => localName(part).replaceAll('"', '')

/** As drizzle-kit reads it (`filter` in pgPushIntrospect of drizzle-kit 0.31): one that excludes takes all others in. */
function isFilteredOut(
  table: string,
  filter: readonly { excludes: boolean; matches: (name: string) => boolean }[],
): boolean {
  const named = filter.filter(({ matches }) => matches(table))
  return named.length > 0
    ? named.some(({ excludes }) => excludes)
    : filter.length > 0 && !filter.some(({ excludes }) => excludes)
}
