import type { NotComparable } from '../expected-schema.ts'
import { objectName } from '../findings/object-name.ts'
import { standsIn } from '../stand-ins.ts'
import type { Difference } from './diff-catalog.ts'

/**
 * Marks the extra indexes and constraints that may be one under another name whose definition was not known at the compile:
 * to drop them may take away what the migrations made.
 *
 * @param there what could not be compared, and is there under its name
 * @param unknown all that the compile could not know
 */
export function markMaybeUnknown(
  differences: readonly Difference[],
  there: Iterable<Difference>,
  unknown: readonly NotComparable[] = [],
): readonly Difference[] {
  const found = new Set([...there].map(plainName))
  const absent = [
    ...unknown.filter(({ difference, object }) => difference === 'extra' && !found.has(object)),
    ...differences
      .filter(({ difference, expected = '' }) => difference === 'missing' && standsIn(expected))
      .map((difference) => ({ kind: difference.kind, object: plainName(difference) })),
  ]
  if (absent.length === 0) return differences
  return differences.map((difference) => {
    const { kind, found: definition = '' } = difference
    if (difference.difference !== 'extra' || !/^(?:CHECK|EXCLUDE|UNIQUE|CREATE)\b/.test(definition))
      return difference
    const holder = holderOf(plainName(difference))
    const other = absent.find(({ kind: its, object }) => its === kind && holderOf(object) === holder)
    return other ? { ...difference, maybe: other.object } : difference
  })
}

const plainName = (difference: Difference) => objectName(difference).replaceAll('"', '')

/** The table of a constraint, the schema of an index. */
const holderOf = (name: string) => name.slice(0, name.lastIndexOf('.'))
