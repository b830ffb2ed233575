import type { NotComparable, Scope } from '../expected-schema.ts'
import { objectName } from '../findings/object-name.ts'
import { isAsFarAsKnown } from './as-far-as-known.ts'
import type { Difference } from './diff-catalog.ts'

/** Whether a difference is one that the compile could not know anything about: it proves nothing. */
export function createIsNotComparable({
  notComparable = [],
  standIns = [],
}: Scope): (difference: Difference) => boolean {
  const known = new Set(notComparable.map(keyOf))
  for (const object of standIns) known.add(keyOf({ kind: 'domain', object, difference: 'missing' }))
  // Most databases have none, and a drift may be of a thousand objects.
  if (known.size === 0) return () => false
  const types = new Set(standIns.map(lastName))
  const isStandIn = (type: string) => types.has(lastName(type.replace(/(?:\[\])+$/, '').replaceAll('"', '')))
  return (difference) =>
    known.has(keyOf({ ...difference, object: objectName(difference).replaceAll('"', '') })) &&
    isAsFarAsKnown(difference, isStandIn)
}

const lastName = (name: string) => name.slice(name.lastIndexOf('.') + 1)

const keyOf = ({ kind, object, difference }: NotComparable) => `${difference} ${kind} ${object}`
