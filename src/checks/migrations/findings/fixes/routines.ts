import type { Fix } from './fix.ts'

/** A body may need what comes later, and Postgres looks at it when the routine is made. */
export const withoutBodyCheck = 'SET LOCAL check_function_bodies = off'

/** Name, arguments and result: CREATE OR REPLACE refuses to change them. */
const signature = (definition: string): string | undefined => definition.split('\n LANGUAGE ')[0]

/** Of an aggregate only its result is known. */
export const routineFix: Fix = (routine, { differences }) => {
  const { difference, expected = '', found = '' } = routine
  if (difference === 'extra' || !expected.startsWith('CREATE OR REPLACE')) return undefined
  if (difference === 'changed' && signature(expected) !== signature(found)) return undefined
  const isAlone = differences.every((other) => other.part === routine.part || other.difference !== 'missing')
  return [...(isAlone ? [] : [withoutBodyCheck]), expected.trim()]
}

/** What a routine needs so that it can be made: all but a body that is a text. */
export const withoutBody = (statement: string): string => statement.replace(/\nAS (\$\w*\$|').*$/s, '')
