import type { Difference } from '../../comparison/diff-catalog.ts'
import type { SchemaObject } from '../../expected-schema.ts'
import type { Fix, Statements } from './fix.ts'

const split = (definition: string): string[] => definition.split(' owned by ')

/** The column that the sequence belongs to, with its table; undefined when it belongs to none. */
export const ownerOf = (definition = ''): string | undefined => split(definition)[1]

const isIdentity = (definition = ''): boolean => / as identity\b/.test(definition)

export const sequenceFix: Fix = ({ difference, part, name, expected = '', found = '' }, { differences }) => {
  if (difference === 'extra') return undefined
  const [options = '', owner] = split(expected)
  if (difference === 'changed') {
    // It differs in its owner, and who that was meant to be is in another table's part.
    if (split(found)[0] === options) return undefined
    return [`ALTER SEQUENCE ${name} ${options}${options.endsWith(' cycle') ? '' : ' no cycle'}`]
  }
  const extra = differences.filter((d) => d.difference === 'extra' && d.kind === 'sequence')
  if (owner === undefined) {
    // It may be this one under another name, and then it has the numbers that were given out.
    if (extra.some((twin) => twin.found === options)) return undefined
    return [`CREATE SEQUENCE ${name} ${options} ${startsAnew}`]
  }
  if (extra.some((same) => same.name === name)) return [`ALTER SEQUENCE ${name} ${options} OWNED BY ${owner}`]
  const column = differences.find((d) => d.kind === 'column' && `${part}.${d.name}` === owner)
  // One that a column brings along is made by that.
  if (column?.difference === 'missing' || isIdentity(column?.expected)) return undefined
  return [
    `CREATE SEQUENCE ${name} ${options} OWNED BY ${owner}`,
    ...continued(name, part, owner.slice(part.length + 1), options),
  ]
}

const startsAnew = '/* it starts anew: set it behind the numbers in use, with setval() */'

/** A new sequence gives numbers that the rows do not have yet. */
function continued(name: string, table: string, column: string, options: string): Statements {
  const last = options.includes(' increment -') ? 'min' : 'max'
  return [`SELECT setval('${name.replaceAll("'", "''")}', ${last}(${column})) FROM ${table}`]
}

/** A column that is made together with its sequence, if it has one. */
export interface NewColumn {
  readonly before: Statements
  /** Name, type and all that follows. */
  readonly text: string
  readonly after: Statements
}

/** @param sequences those that are to be made too */
export function newColumn(
  part: string,
  { name, definition }: Pick<SchemaObject, 'name' | 'definition'>,
  sequences: readonly Pick<SchemaObject, 'name' | 'definition'>[],
): NewColumn {
  const owner = `${part}.${name}`
  const own = sequences.find((sequence) => ownerOf(sequence.definition) === owner)
  const text = `${name} ${definition}`
  if (!own) return { before: [], text, after: [] }
  const [options = ''] = split(own.definition)
  if (isIdentity(definition)) {
    const withoutType = options.replace(/^as \w+ /, '')
    const identity = text.replace(/ as identity\b/, ` as identity (SEQUENCE NAME ${own.name} ${withoutType})`)
    return { before: [], text: identity, after: [] }
  }
  return {
    before: [`CREATE SEQUENCE ${own.name} ${options}`],
    text,
    after: [`ALTER SEQUENCE ${own.name} OWNED BY ${owner}`],
  }
}

/** The missing sequences of a table, as the objects they should be. */
export const missingSequences = (
  part: string,
  differences: readonly Difference[],
): Pick<SchemaObject, 'name' | 'definition'>[] =>
  differences.flatMap(({ difference, kind, name, expected, part: ofPart }) =>
    difference === 'missing' && kind === 'sequence' && ofPart === part && expected !== undefined
      ? [{ name, definition: expected }]
      : [],
  )

/** Makes an ordinary column an identity again, with the numbers going on behind those of its rows. */
export function identityAgain(
  part: string,
  name: string,
  definition: string,
  own: string,
  options: string,
): Statements {
  const { text } = newColumn(part, { name, definition }, [{ name: own, definition: options }])
  const generated = /generated .*\)/s.exec(text)?.[0] ?? ''
  return [`ALTER TABLE ${part} ALTER COLUMN ${name} ADD ${generated}`, ...continued(own, part, name, options)]
}
