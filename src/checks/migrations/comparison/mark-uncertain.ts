import type { NotComparable } from '../expected-schema.ts'
import { objectName } from '../findings/object-name.ts'
import { standsIn, unknownPart } from '../stand-ins.ts'
import type { Difference } from './diff-catalog.ts'

/**
 * Marks the differences for which no statement is certain, because an extension was missing at the compile: those of whose
 * definition a part was not known, and extra indexes and constraints that may be such a one under another name.
 *
 * @param there what could not be compared, and is there under its name
 * @param unknown all that the compile could not know
 */
export function markUncertain(
  differences: readonly Difference[],
  there: Iterable<Difference>,
  unknown: readonly NotComparable[] = [],
): readonly Difference[] {
  if (unknown.length === 0) return differences
  const found = new Set([...there].map(plainName))
  const inPart = new Set(
    unknown
      .filter(({ difference }) => difference === 'changed')
      .map(({ kind, object }) => `${kind} ${object}`),
  )
  const absent = [
    ...unknown.filter(({ difference, object }) => difference === 'extra' && !found.has(object)),
    ...differences
      .filter(({ difference, expected = '' }) => difference === 'missing' && standsIn(expected))
      .map((difference) => ({ kind: difference.kind, object: plainName(difference) })),
  ]
  const whyNot = (difference: Difference): string | undefined => {
    const name = plainName(difference)
    const isView = difference.kind === 'view' || difference.kind === 'materialized view'
    if (inPart.has(`${difference.kind} ${name}`) || (isView && inPart.has(`query ${name}`)))
      return unknownPart
    if (difference.difference !== 'extra' || !isMade.test(difference.found ?? '')) return undefined
    const other = absent.find(
      ({ kind, object }) => kind === difference.kind && holderOf(object) === holderOf(name),
    )
    return (
      other && `it may be ${other.object} under another name, whose definition was not known at the compile`
    )
  }
  return differences.map((difference) => {
    const uncertain = whyNot(difference)
    return uncertain === undefined ? difference : { ...difference, uncertain }
  })
}

/** All but foreign and primary keys. */
const isMade = /^(?:CHECK|EXCLUDE|UNIQUE|CREATE)\b/

const plainName = (difference: Difference) => objectName(difference).replaceAll('"', '')

/** The table of a constraint, the schema of an index. */
const holderOf = (name: string) => name.slice(0, name.lastIndexOf('.'))
