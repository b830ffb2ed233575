import { type ExpectedPart, readObject } from '../../expected-schema.ts'
import type { Fix } from './fix.ts'

/** A body may need what comes later, and Postgres looks at it when the routine is made. */
export const withoutBodyCheck = 'SET LOCAL check_function_bodies = off'

/** Name, arguments and result: CREATE OR REPLACE refuses to change them. */
export const signature = (definition: string): string | undefined => definition.split('\n LANGUAGE ')[0]

/** Of an aggregate only its result is known. */
export const routineFix: Fix = (routine, { differences, parts }) => {
  const { difference, part, found = '' } = routine
  const { expected = definitionOf(part, parts) } = routine
  if (difference === 'extra' || !expected.startsWith('CREATE OR REPLACE')) return undefined
  if (difference === 'changed' && signature(expected) !== signature(found)) return undefined
  const isAlone = differences.every((other) => other.part === part || other.difference !== 'missing')
  return [...(isAlone ? [] : [withoutBodyCheck]), expected.trim()]
}

/** What is missing as a whole has its definition in the expected schema alone. */
function definitionOf(routine: string, parts: readonly ExpectedPart[]): string {
  const [text = ''] = parts.find(({ part }) => part === routine)?.objects ?? []
  return readObject(text).definition
}

/** What a routine needs so that it can be made: all but a body that is a text. */
export const withoutBody = (statement: string): string => statement.replace(/\nAS (\$\w*\$|').*$/s, '')
