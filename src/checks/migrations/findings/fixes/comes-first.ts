import type { Difference } from '../../comparison/diff-catalog.ts'
import { headKinds, type Kind } from '../../expected-schema.ts'
import { objectName } from '../object-name.ts'
import type { Statements } from './fix.ts'
import { namesIn } from './mentions.ts'
import { localName, renamedFrom } from './renamed.ts'
import { ownerOf } from './sequences.ts'

interface Candidate {
  readonly difference: Difference
  readonly statements: Statements
  /** All names in the statements, but for the bodies of routines. */
  readonly names: ReadonlySet<string>
}

/** Whether the statements of a difference can run only when another one is fixed. */
export function comesFirst(other: Difference, candidate: Candidate): boolean {
  if (other.difference === 'extra') return isInTheWay(other, candidate)
  // What is taken away needs nothing that is missing, also where it has its name.
  if (candidate.difference.difference === 'extra') return false
  return isMentioned(other, candidate) || isKeyOf(other, candidate)
}

function isMentioned(other: Difference, { difference, statements, names }: Candidate): boolean {
  // Of what is there, only an enum may lack something that has no name.
  if (other.difference === 'changed') return other.kind === 'enum' && names.has(other.name)
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

function isInTheWay(other: Difference, { difference, statements }: Candidate): boolean {
  const { kind, part, found = '' } = other
  if (difference.difference === 'missing' && renamedFrom(difference, [difference, other])) return false
  const name = difference.difference === 'missing' ? relationName(difference) : undefined
  if (name !== undefined && name === relationName(other)) return !bothSequences(difference, other)
  if (kind !== 'constraint') return false
  // A foreign key hangs on the key that is dropped.
  if (difference.difference === 'extra' && isKey(difference.found ?? ''))
    return found.startsWith('FOREIGN KEY') && namesIn(found).has(difference.part)
  // A table has one primary key, whose columns are required.
  return (
    found.startsWith('PRIMARY KEY') &&
    part === difference.part &&
    statements.some(
      (statement) =>
        (statement.includes(' ADD CONSTRAINT ') && statement.includes(' PRIMARY KEY ')) ||
        (statement.includes(' DROP NOT NULL') && namesIn(found).has(difference.name)),
    )
  )
}

/** One that only changes its owner. */
const bothSequences = (one: Difference, other: Difference): boolean =>
  one.kind === 'sequence' && other.kind === 'sequence'
