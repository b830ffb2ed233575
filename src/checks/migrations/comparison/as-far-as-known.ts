import { standInMark } from '../stand-ins.ts'
import type { Difference } from './diff-catalog.ts'

const column =
  /^(?<type>.*?)(?: (?<how>default|generated always as) .*?)?(?<kept>\) (?:stored|virtual))?(?<required> not null)?$/s
const check = /^(?<kind>CHECK) \(.*\)(?<rest>[A-Z ]*)$/s

/**
 * Whether what is known of a changed column or CHECK is found: then it may differ only in an expression, a default or a type
 * that was not known at the compile.
 *
 * @param isStandIn whether a type only stands for one of an extension
 */
export function isAsFarAsKnown(
  { kind, difference, expected = '', found = '' }: Difference,
  isStandIn: (type: string) => boolean,
): boolean {
  if (difference !== 'changed') return true
  const isMarked = expected.includes(standInMark)
  if (kind === 'constraint') return !isMarked || isAlike(check, expected, found, ['kind', 'rest'])
  if (kind !== 'column') return true
  const type = column.exec(expected)?.groups?.['type'] ?? ''
  return isAlike(column, expected, found, [
    'required',
    ...(isStandIn(type) ? [] : ['type']),
    ...(isMarked ? ['how', 'kept'] : []),
  ])
}

function isAlike(shape: RegExp, expected: string, found: string, names: readonly string[]): boolean {
  const [want, have] = [expected, found].map((definition) => shape.exec(definition)?.groups)
  return have !== undefined && names.every((name) => want?.[name] === have[name])
}
