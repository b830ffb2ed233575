import type { Difference } from '../../comparison/diff-catalog.ts'
import { fillsValue } from '../severity.ts'
import type { Fix, Statements } from './fix.ts'

/** The last words of a column's definition; the type before them may be of several words. */
const columnShape = /^(?<type>.*?)(?: default (?<default>.*?))?(?<required> not null)?$/s

/** Every text has a shape. */
const shapeOf = (definition: string): Readonly<Record<string, string>> =>
  columnShape.exec(definition)?.groups ?? {}

/** Without a length or a precision: an expression is written for any. */
export const typeOf = (definition: string): string | undefined =>
  shapeOf(definition)['type']?.replace(/\([\d,]+\)/, '')

/** Not where a literal says so. */
const isGenerated = (definition: string): boolean =>
  definition.replaceAll(/'(?:[^']|'')*'/g, '').includes(' generated ')

/** Whether a row that does not name the column gets a value for it. */
const fillsItself = (definition: string): boolean => fillsValue(definition) || isGenerated(definition)

export const columnFix: Fix = (column, { differences }) => {
  const { difference, part, partKind, name, expected = '', found = '' } = column
  if (partKind !== 'table') return undefined
  const [want, have] = [shapeOf(expected), shapeOf(found)]
  if (difference === 'extra') {
    return have['required'] && !fillsItself(found)
      ? [`ALTER TABLE ${part} ALTER COLUMN ${name} DROP NOT NULL ${staysExtra}`]
      : undefined
  }
  if (difference === 'missing') return addColumn(column, differences)
  if (want['type'] !== have['type'] || isGenerated(expected)) return undefined
  const actions: string[] = []
  if (want['default'] !== have['default'])
    actions.push(want['default'] === undefined ? 'DROP DEFAULT' : `SET DEFAULT ${want['default']}`)
  if (want['required'] !== have['required']) actions.push(want['required'] ? 'SET NOT NULL' : 'DROP NOT NULL')
  return [`ALTER TABLE ${part} ${actions.map((action) => `ALTER COLUMN ${name} ${action}`).join(', ')}`]
}

const staysExtra = '/* the column stays, and is reported as extra */'

function addColumn(column: Difference, differences: readonly Difference[]): Statements | undefined {
  const { part, name, expected = '' } = column
  // On a table that has rows, a required column needs a value that only its owner knows.
  const isRequired = column.requiredByDomain || shapeOf(expected)['required'] !== undefined
  return (!isRequired || fillsItself(expected)) && !twinOf(column, differences)
    ? [`ALTER TABLE ${part} ADD COLUMN ${name} ${expected}`]
    : undefined
}

/** An extra column of the same definition: it may be the missing one under another name, with all its values. */
export const twinOf = (column: Difference, differences: readonly Difference[]): Difference | undefined =>
  differences.find(
    ({ difference, kind, part, found }) =>
      difference === 'extra' && kind === 'column' && part === column.part && found === column.expected,
  )
