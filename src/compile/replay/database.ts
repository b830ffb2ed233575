/** What the replay needs of a Postgres; PGlite has it. */
export interface Database {
  /** The simple protocol: several statements are fine, no parameters. */
  exec(sql: string): Promise<unknown>
  query(sql: string, parameters?: unknown[]): Promise<{ rows: Record<string, unknown>[] }>
}

/** What Postgres says about a statement it refuses. PGlite's DatabaseError has these fields. */
export interface DatabaseError extends Error {
  /** SQLSTATE, five characters. */
  readonly code: string
  /** Characters from the start of the text, counted from 1. */
  readonly position?: string
  readonly detail?: string
  readonly hint?: string
  /** The statements and functions inside of which it happened, the innermost first. */
  readonly where?: string
  /** The table whose rows or constraint it is about, where there is one. */
  readonly schema?: string
  readonly table?: string
}

export function isDatabaseError(error: unknown): error is DatabaseError {
  return error instanceof Error && 'code' in error && typeof error.code === 'string'
}

/** 23503 foreign_key_violation. */
export function isForeignKeyViolation(error: unknown): boolean {
  return isDatabaseError(error) && error.code === '23503'
}

/** The role that a statement needs, by what Postgres says: 42704 undefined_object, 22023 of SET ROLE. */
export function missingRole(error: unknown): string | undefined {
  if (!isDatabaseError(error) || (error.code !== '42704' && error.code !== '22023')) return undefined
  return /^role "(.+)" does not exist$/.exec(error.message)?.[1]
}

/**
 * Whether rows can be the reason, those that are there or those that are not: by classes of
 * https://www.postgresql.org/docs/current/errcodes-appendix.html cardinality, data and integrity violations, those of
 * routines (38, 39), raised by PL/pgSQL (P0), and limits (54: what an index can hold).
 */
export function isAboutRows(error: unknown): error is DatabaseError {
  return isDatabaseError(error) && /^(?:21|22|23|38|39|P0|54)/.test(error.code)
}
