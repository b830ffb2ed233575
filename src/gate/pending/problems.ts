import type { PendingStatement } from './statement.ts'
import type { Problem } from './step.ts'

export const commits: Problem = {
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

export const notReached = ({ migration, number }: PendingStatement): Problem => ({
  kind: 'not_measured',
  reason: `the deploy stops before it, at statement ${number} of ${migration.tag}`,
})
