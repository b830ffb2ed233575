import { type Database, isDatabaseError } from './database.ts'
import { firstUserOid } from './first-user-oid.ts'
import { quoteIdentifier } from './quote-identifier.ts'
import { quoteLiteral } from './quote-literal.ts'

/** `de-AT-x-icu`: what initdb makes of every locale of ICU (https://www.postgresql.org/docs/current/collation.html). */
const ofIcu = /^([a-z]{2,3}(?:-[a-z0-9]+)*)-x-icu$/i

/** `de_AT.utf8`, `de_AT`, `C.UTF-8`: what it makes of the locales of the operating system. */
const ofSystem = /^(?:C|POSIX|[a-z]{2,3}_[A-Z]{2})(?:\.[\w-]+)?(?:@\w+)?$/

/**
 * The predefined collation that a statement needs and the embedded Postgres does not have. A collation that somebody made
 * under a name of their own is not one: in which schema it is, the name does not say.
 */
export function missingCollation(error: unknown): string | undefined {
  if (!isDatabaseError(error) || error.code !== '42704') return undefined
  const name = /^collation "(?:pg_catalog\.)?(.+)" for encoding/.exec(error.message)?.[1]
  return name !== undefined && (ofIcu.test(name) || ofSystem.test(name)) ? name : undefined
}

/** Makes a collation of this name where Postgres has its own, so that definitions print the name as other servers do. */
export async function createCollation(database: Pick<Database, 'exec'>, name: string): Promise<void> {
  const locale = ofIcu.exec(name)?.[1]
  const how = locale === undefined ? `from "C"` : `(provider = icu, locale = ${quoteLiteral(locale)})`
  await database.exec(`create collation pg_catalog.${quoteIdentifier(name)} ${how}`)
}

/** Names of those that were made there: pg_dump leaves them out, as all that is in pg_catalog. */
export async function createdCollations(database: Pick<Database, 'query'>): Promise<string[]> {
  const { rows } = await database.query(
    `select collname as name from pg_collation where collnamespace = 'pg_catalog'::regnamespace and oid >= $1 order by oid`,
    [firstUserOid],
  )
  return rows.map(({ name }) => String(name))
}
