import type { Row } from '../clients/interfaces.ts'

/** What `exec` of PGlite and of `pg` answers for one statement. */
export interface Result {
  readonly command?: string
  readonly rows?: readonly Row[]
}

/** One for each statement. `pg` answers a list only where there are several. */
export const resultsOf = (answer: unknown): readonly Result[] =>
  Array.isArray(answer) ? answer : typeof answer === 'object' && answer !== null ? [answer] : []
