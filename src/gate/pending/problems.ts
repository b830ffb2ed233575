import type { Recovery } from './recovery.ts'
import type { PendingStatement } from './statement.ts'
import type { Problem } from './step.ts'

const commits: Problem = {
  kind: 'not_measured',
  reason: 'it ends transactions itself, and here each statement runs inside of one',
}

export const branches: Problem = {
  kind: 'not_measured',
  reason: 'what it does depends on the rows of a table, and the tables are empty here',
}

export const undone: Problem = {
  kind: 'not_measured',
  reason: 'it rolls back what came before it, and Drizzle counts the migration as applied',
}

export const several = (count: number): Problem => ({
  kind: 'fails',
  message: `this driver sends each part of a file as one prepared statement, and this part has ${count} (42601): put --> statement-breakpoint between them`,
})

export const notReached = ({ migration, number }: PendingStatement): Problem => ({
  kind: 'not_measured',
  reason: `the deploy stops before it, at statement ${number} of ${migration.tag}`,
})

/** What must not be in a transaction is fine where there is none; but what commits cannot run here, where there always is one. */
export function problemOf({ way, problem }: Recovery, isOwnTransaction: boolean): Problem | undefined {
  if (problem?.kind !== 'not_in_transaction' || !isOwnTransaction) return problem
  return way === 'skip' ? commits : undefined
}

/** A statement may be refused for it twice, the second time in its other form. */
export const isSaid = ({ kind }: Problem, problems: readonly Problem[]): boolean =>
  kind === 'not_in_transaction' && problems.some((problem) => problem.kind === kind)
