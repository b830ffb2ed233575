import { createWildcard } from '../../../core/wildcard.ts'
import type { Scope } from '../expected-schema.ts'
import { localName } from '../findings/object-name.ts'
import type { Difference } from './diff-catalog.ts'

/** Marks the extra tables that a block or a function of the migrations may have made, for rows that the compile does not have. */
export function markMadeForRows(
  differences: readonly Difference[],
  { madeForRows = [] }: Pick<Scope, 'madeForRows'>,
): readonly Difference[] {
  if (madeForRows.length === 0) return differences
  const patterns = madeForRows.map((name) => ({
    how: /[^*]/.test(name) ? ('named so' as const) : ('of any name' as const),
    matches: createWildcard(name),
  }))
  const howOf = ({ difference, kind, name, part }: Difference) =>
    difference === 'extra' && kind === 'table' && name === ''
      ? patterns
          .filter(({ matches }) => matches(localName(part).replaceAll('"', '')))
          .toSorted((one, other) => one.how.localeCompare(other.how))[0]?.how
      : undefined
  return differences.map((difference) => {
    const how = howOf(difference)
    return how ? { ...difference, madeForRows: how } : difference
  })
}
