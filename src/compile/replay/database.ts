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
}

export function isDatabaseError(error: unknown): error is DatabaseError {
  return error instanceof Error && 'code' in error && typeof error.code === 'string'
}

/** 23503 foreign_key_violation. */
export function isForeignKeyViolation(error: unknown): boolean {
  return isDatabaseError(error) && error.code === '23503'
}
