/**
 * What takes the place of a text that needs an extension which the embedded Postgres lacks. The compile writes it, the check
 * offers no statement with it.
 * @module
 */

/** The body of a function whose real one is not known. */
export const standInBody = 'select null /* stands in */'

/** A literal in an expression whose real one is not known. */
export const standInMark = 'needs an extension that the embedded Postgres lacks'

export const standsIn = (sql: string): boolean => sql.includes(standInMark) || sql.includes(standInBody)

/** Why what has such a text has no certain statement. */
export const unknownPart = 'a part of it was not known at the compile, which lacks an extension'
