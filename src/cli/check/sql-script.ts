import { withoutBodyCheck } from '../../checks/migrations/findings/fixes/routines.ts'
import { addsValue } from '../../checks/migrations/findings/fixes/types.ts'

/** The statements of one difference, and a line that says which. */
export interface Titled {
  readonly title: string
  readonly statements: readonly string[]
}

/** A comment of SQL, one line of it for each text. Names of objects may hold anything, also the end of a line. */
export const comment = (...lines: readonly string[]): string =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these would end the comment, or steer a terminal
  lines.map((line) => `-- ${line.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, ' ')}`).join('\n')

/**
 * All statements as one transaction, so that either all are done or none; before it what Postgres cannot do in the same
 * one. Empty when there are none.
 *
 * Source: https://www.postgresql.org/docs/current/sql-altertype.html, "If ALTER TYPE ... ADD VALUE is executed inside a
 * transaction block, the new value cannot be used until after the transaction has been committed."
 */
export function transaction(fixes: readonly Titled[]): string[] {
  const before = fixes.flatMap(({ title, statements }) => block(title, statements.filter(addsValue)))
  const inside = fixes.flatMap(({ title, statements }) =>
    block(
      title,
      statements.filter((statement) => !addsValue(statement) && statement !== withoutBodyCheck),
    ),
  )
  const setting = fixes.some(({ statements }) => statements.includes(withoutBodyCheck))
  return [
    ...(before.length > 0 ? [comment(valuesComeFirst), ...before] : []),
    ...(inside.length > 0
      ? ['BEGIN;', ...(setting ? [`${withoutBodyCheck};`] : []), ...inside, 'COMMIT;']
      : []),
  ]
}

const valuesComeFirst =
  'A new value of an enum cannot be used in the transaction that adds it, so these come before it.'

const block = (title: string, statements: readonly string[]): string[] =>
  statements.length === 0 ? [] : [[comment(title), ...statements.map((sql) => `${sql};`)].join('\n')]
