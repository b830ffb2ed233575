import type { Difference } from '../../comparison/diff-catalog.ts'
import type { ExpectedPart, Kind } from '../../expected-schema.ts'

/** What a fix must know besides its own difference. */
export interface Surroundings {
  /** All differences of the comparison. */
  readonly differences: readonly Difference[]
  /** What the embedded Postgres did not have at the compile: what needs it has no certain statement. [none] */
  readonly notComparable?: readonly Difference[]
  /** The expected schema's: what is missing as a whole has its definition only there. */
  readonly parts: readonly ExpectedPart[]
  /** Fixes that take the place of the built-in ones: the terminal has some for which a function has no room. */
  readonly fixes?: { readonly [kind in Kind]?: Fix } | undefined
}

/** Statements that belong together, in order, without a semicolon at their ends. */
export type Statements = readonly string[]

/** Writes the statements for one kind of object; undefined where none are certain. */
export type Fix = (difference: Difference, around: Surroundings) => Statements | undefined

/** One statement is its own transaction; of several, either all are done or none. */
export function toText(statements: Statements): string {
  return statements.length === 1 ? statements.join() : `BEGIN; ${statements.join('; ')}; COMMIT`
}
