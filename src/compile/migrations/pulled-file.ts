import type { Migration } from './migration.ts'

/** How drizzle-kit begins the file that `pull` writes (drizzle-kit 0.31 and 1.0, writeResult of `introspect`). */
const header = '-- Current sql file was generated after introspecting the database'

/** Whether `drizzle-kit pull` wrote the file: the schema that was there when the project came to Drizzle. */
function isPulled(sql: string): boolean {
  return sql.trimStart().startsWith(header)
}

/** Whether it is as `drizzle-kit pull` wrote it: all of its SQL in one comment, breakpoints included. */
export function isCommentedOut(sql: string): boolean {
  if (!isPulled(sql)) return false
  const body = sql.replaceAll(/^--(?!> statement-breakpoint).*$/gm, '').trim()
  return body.startsWith('/*') && body.endsWith('*/')
}

/** Whether nothing of a pulled file is run: it was left as it is, or emptied. */
export function makesNothing({ sql }: Migration): boolean {
  if (!isPulled(sql)) return false
  return isCommentedOut(sql) || sql.replaceAll(/^--.*$/gm, '').trim() === ''
}

const dump = '`pg_dump --schema-only` of the database as it was before the next migration'

/** How to go on with a pulled file of which nothing is run. */
export function pulledFileAdvice({ tag, sql }: Pick<Migration, 'tag' | 'sql'>): string {
  const uncomment = isCommentedOut(sql)
    ? 'Take the comment marks (/* and */) out of it, or supply the schema with'
    : 'Supply the schema with'
  return `${tag} is the file that \`drizzle-kit pull\` wrote, and it makes nothing of the schema that was there: ${uncomment} --prelude FILE --prelude-expected, where FILE is a ${dump}.`
}
