import type { Difference } from '../../../checks/migrations/comparison/diff-catalog.ts'
import type { SchemaObject } from '../../../checks/migrations/expected-schema.ts'
import { columnFix } from '../../../checks/migrations/findings/fixes/columns.ts'
import type { Fix, Statements } from '../../../checks/migrations/findings/fixes/fix.ts'
import { renamedTogether } from '../../../checks/migrations/findings/fixes/renamed-together.ts'
import { optionsOf, ownerOf } from '../../../checks/migrations/findings/fixes/sequence-definition.ts'
import { sequenceFix } from '../../../checks/migrations/findings/fixes/sequences.ts'

/**
 * Sequences that belong to a column, as `serial` and identity columns have them: they are made together with the column,
 * and go on behind the numbers in its rows.
 * @module
 */

type Definition = Pick<SchemaObject, 'name' | 'definition'>

const isIdentity = (definition = ''): boolean => / as identity\b/.test(definition)

/** A column that is to be made, with its sequence if it has one. */
interface NewColumn {
  readonly before: Statements
  /** Name, type and all that follows. */
  readonly text: string
  readonly after: Statements
}

/** @param sequences those that are to be made too */
export function newColumn(
  part: string,
  { name, definition }: Definition,
  sequences: readonly Definition[],
): NewColumn {
  const owner = `${part}.${name}`
  const own = sequences.find((sequence) => ownerOf(sequence.definition) === owner)
  const text = `${name} ${definition}`
  if (!own) return { before: [], text, after: [] }
  const options = optionsOf(own.definition)
  if (isIdentity(definition)) {
    const withoutType = options.replace(/^as \w+ /, '')
    const identity = ` as identity (SEQUENCE NAME ${own.name} ${withoutType})`
    return { before: [], text: text.replace(/ as identity\b/, identity), after: [] }
  }
  return {
    before: [`CREATE SEQUENCE ${own.name} ${options}`],
    text,
    after: [`ALTER SEQUENCE ${own.name} OWNED BY ${owner}`],
  }
}

/** The missing sequence of a column, as the object that it should be. */
function missingSequences(column: Difference, differences: readonly Difference[]): Definition[] {
  return differences.flatMap(({ difference, kind, name, expected }) =>
    difference === 'missing' && kind === 'sequence' && ownerOf(expected) === `${column.part}.${column.name}`
      ? [{ name, definition: expected ?? '' }]
      : [],
  )
}

/** A new sequence gives numbers that the rows do not have yet. */
function continued(sequence: string, table: string, column: string, options: string): string {
  const last = options.includes(' increment -') ? 'min' : 'max'
  return `SELECT setval('${sequence.replaceAll("'", "''")}', ${last}(${column})) FROM ${table}`
}

export const wholeColumnFix: Fix = (column, around) => {
  const { difference, part, partKind, name, expected = '', found } = column
  const fix = columnFix(column, around) ?? givesNumbersAgain(column)
  const [own] = missingSequences(column, around.differences)
  if (!own || partKind !== 'table') return fix
  const { before, text, after } = newColumn(part, { name, definition: expected }, [own])
  if (difference === 'missing') return fix && [...before, `ALTER TABLE ${part} ADD COLUMN ${text}`, ...after]
  const generated = / (generated .*\))/s.exec(text)?.[1]
  if (generated === undefined || found !== expected.replace(/ generated .* as identity\b/, '')) return fix
  return [
    `ALTER TABLE ${part} ALTER COLUMN ${name} ADD ${generated}`,
    continued(own.name, part, name, own.definition),
  ]
}

const identity = / generated (always|by default) as identity/

/** Of an identity column, whether a statement may give another number can be changed. */
function givesNumbersAgain({ part, name, expected = '', found = '' }: Difference): Statements | undefined {
  const how = identity.exec(expected)?.[1]
  const isAllThatDiffers = expected.replace(identity, '') === found.replace(identity, '')
  if (how === undefined || !identity.test(found) || !isAllThatDiffers) return undefined
  return [`ALTER TABLE ${part} ALTER COLUMN ${name} SET GENERATED ${how.toUpperCase()}`]
}

export const wholeSequenceFix: Fix = (sequence, around) => {
  const fix = sequenceFix(sequence, around)
  const { difference, part, name, expected = '' } = sequence
  const owner = ownerOf(expected)
  if (fix || difference !== 'missing' || owner === undefined) return fix
  // Its numbers are there, under another name.
  if (renamedTogether(sequence, around.differences)) return undefined
  const isThere = around.differences.some(
    (other) => other.difference === 'extra' && other.kind === 'sequence' && other.name === name,
  )
  if (isThere) return [`ALTER SEQUENCE ${name} ${optionsOf(expected)} OWNED BY ${owner}`]
  const column = around.differences.find(
    (other) => other.kind === 'column' && `${part}.${other.name}` === owner,
  )
  // Its column brings it along.
  if (column?.difference === 'missing' || isIdentity(column?.expected)) return undefined
  return [
    `CREATE SEQUENCE ${name} ${optionsOf(expected)} OWNED BY ${owner}`,
    continued(name, part, owner.slice(part.length + 1), expected),
  ]
}
