import type { Row } from '../clients/interfaces.ts'

/** What `exec` of PGlite and of `pg` answers for one statement. */
export interface Result {
  readonly command?: string
  readonly rows?: readonly Row[]
}

/** One result for each statement. `pg` returns a list only for several statements. */
export const resultsOf = (answer: unknown): readonly Result[] =>
  Array.isArray(answer) ? answer : typeof answer === 'object' && answer !== null ? [answer] : []
