import type { Difference } from '../../comparison/diff-catalog.ts'
import type { Fix } from './fix.ts'
import { renamedTogether } from './renamed-together.ts'
import { optionsOf, ownerOf } from './sequence-definition.ts'

export const sequenceFix: Fix = (sequence, { differences }) => {
  const { difference, name, expected = '', found = '' } = sequence
  const together = renamedTogether(sequence, differences)
  if (together) return together.leader === sequence ? together.statements : undefined
  if (difference === 'extra') return undefined
  const options = optionsOf(expected)
  if (difference === 'changed') {
    // It differs in its owner, and who that was meant to be is in another table's part.
    if (optionsOf(found) === options) return undefined
    return [`ALTER SEQUENCE ${name} ${options}${options.endsWith(' cycle') ? '' : ' no cycle'}`]
  }
  // Where it belongs to a column, that has to be looked at too.
  if (ownerOf(expected) !== undefined) return undefined
  // It may be an extra one under another name, and then that has the numbers that were given out.
  const isTwin = (other: Difference) =>
    other.difference === 'extra' && other.kind === 'sequence' && other.found === options
  if (differences.some(isTwin)) return undefined
  return [`CREATE SEQUENCE ${name} ${options} ${startsAnew}`]
}

const startsAnew = '/* it starts anew: set it behind the numbers in use, with setval() */'
