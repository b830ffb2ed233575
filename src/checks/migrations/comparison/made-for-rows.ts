import { createWildcard } from '../../../core/wildcard.ts'
import type { Scope } from '../expected-schema.ts'
import { localName } from '../findings/object-name.ts'
import type { Difference } from './diff-catalog.ts'

/** Letters and digits that a name has to have for certain to tell its tables from others. */
const fewestSaid = 3

const isTelling = (name: string) =>
  !name.includes('*') || (name.match(/[\p{L}\p{N}]/gu) ?? []).length >= fewestSaid

/** Marks the extra tables that a block or a function of the migrations may have made, for rows that the compile does not have. */
export function markMadeForRows(
  differences: readonly Difference[],
  { madeForRows = [] }: Pick<Scope, 'madeForRows'>,
): readonly Difference[] {
  if (madeForRows.length === 0) return differences
  const patterns = madeForRows.map((name) => ({
    how: isTelling(name) ? ('named so' as const) : ('of any name' as const),
    matches: createWildcard(name),
  }))
  const howOf = ({ difference, kind, name, part }: Difference) => {
    if (difference !== 'extra' || kind !== 'table' || name !== '') return undefined
    const fitting = patterns.filter(({ matches }) => matches(localName(part).replaceAll('"', '')))
    return (fitting.find(({ how }) => how === 'named so') ?? fitting[0])?.how
  }
  return differences.map((difference) => {
    const how = howOf(difference)
    return how ? { ...difference, madeForRows: how } : difference
  })
}
