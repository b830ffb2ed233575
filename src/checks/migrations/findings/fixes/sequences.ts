import type { Difference } from '../../comparison/diff-catalog.ts'
import type { Fix } from './fix.ts'

const split = (definition: string): string[] => definition.split(' owned by ')

/** The definition without its owner. */
export const optionsOf = (definition: string): string => split(definition)[0] ?? ''

/** The column that the sequence belongs to, with its table; undefined when it belongs to none. */
export const ownerOf = (definition = ''): string | undefined => split(definition)[1]

export const sequenceFix: Fix = ({ difference, name, expected = '', found = '' }, { differences }) => {
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
