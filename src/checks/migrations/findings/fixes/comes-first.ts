import type { Difference } from '../../comparison/diff-catalog.ts'
import { headKinds, type Kind } from '../../expected-schema.ts'
import { localName, objectName } from '../object-name.ts'
import { typeOf } from './columns.ts'
import type { Statements } from './fix.ts'
import { namesIn } from './mentions.ts'
import { renamedFrom } from './renamed.ts'
import { signature } from './routines.ts'
import { ownerOf } from './sequence-definition.ts'

interface Candidate {
  readonly difference: Difference
  readonly statements: Statements
  /** All names in the statements, but for the bodies of routines. */
  readonly names: ReadonlySet<string>
}

/** Whether the statements of a difference can run only when another one is fixed. */
export function comesFirst(other: Difference, candidate: Candidate): boolean {
  const { difference } = candidate
  if (requiresColumn(other, candidate)) return true
  if (other.difference === 'extra') return hasNameOf(other, difference)
  // What is taken away needs nothing that is missing, also where it has its name.
  if (difference.difference === 'extra') return false
  return isMentioned(other, candidate) || isKeyOf(other, candidate)
}

/** The columns of a primary key are required. */
const requiresColumn = ({ part, found = '' }: Difference, { difference, statements }: Candidate): boolean =>
  part === difference.part &&
  found.startsWith('PRIMARY KEY') &&
  statements.some((statement) => statement.includes(' DROP NOT NULL')) &&
  namesIn(found).has(difference.name)

function isMentioned(other: Difference, { difference, statements, names }: Candidate): boolean {
  if (other.difference === 'changed' && !isOfAnotherType(other)) return false
  if (other.kind === 'column')
    return names.has(other.name) && (other.part === difference.part || names.has(other.part))
  // A column may bring its own sequence along.
  if (other.kind === 'sequence' && ownerOf(other.expected) === objectName(difference)) {
    const made = [`SEQUENCE ${other.name} `, `SEQUENCE NAME ${other.name} `]
    if (statements.some((statement) => made.some((text) => statement.includes(text)))) return false
  }
  // What is set for a table has no name of its own.
  if (other.name === '' && !headKinds.includes(other.kind)) return false
  const name = objectName(other)
  return names.has(other.kind === 'routine' ? callOf(name) : name)
}

/** What is there and mentioned is enough, but for an enum without a value, and a type that other expressions were written for. */
function isOfAnotherType({ kind, expected = '', found = '' }: Difference): boolean {
  if (kind === 'column') return typeOf(expected) !== typeOf(found)
  return kind === 'enum' || (kind === 'routine' && signature(expected) !== signature(found))
}

/** The name of a routine with its parenthesis: arguments are printed as the expressions that they are. */
const callOf = (routine: string): string => /^(?:"(?:[^"]|"")*"|[^"(])+\(/.exec(routine)?.[0] ?? routine

const isKey = (definition: string): boolean => /^(PRIMARY KEY|UNIQUE|CREATE UNIQUE INDEX)\b/.test(definition)

/** Whether it is the key that a foreign key refers to. */
function isKeyOf(other: Difference, { statements, names }: Candidate): boolean {
  const { kind, part, expected = '' } = other
  if ((kind !== 'constraint' && kind !== 'index') || !isKey(expected) || !names.has(part)) return false
  if (!statements.some((statement) => statement.includes(' FOREIGN KEY '))) return false
  const columns = /\((.*)\)/s.exec(expected)?.[1] ?? ''
  return [...namesIn(columns)].every((name) => names.has(name))
}

const inNamespace: readonly Kind[] = [...headKinds, 'index', 'sequence', 'enum', 'domain']

/** Its name among relations and types; undefined for what has a name of its own kind. A key has an index of its name. */
function relationName(difference: Difference): string | undefined {
  const { kind, part, name, expected, found = expected } = difference
  if (inNamespace.includes(kind)) return objectName(difference)
  return kind === 'constraint' && isKey(found ?? '') ? part.replace(localName(part), name) : undefined
}

/** Whether what is extra has the name of what is missing, and has to go. */
function hasNameOf(other: Difference, difference: Difference): boolean {
  // It is renamed, or only changes its owner.
  const isKept = difference.kind === 'sequence' || renamedFrom(difference, [difference, other])
  const name = relationName(difference)
  return difference.difference === 'missing' && !isKept && name !== undefined && name === relationName(other)
}
