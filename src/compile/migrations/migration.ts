import { createHash } from 'node:crypto'

/** One migration as its folder has it. */
export interface Migration {
  /** What people call it: the journal's tag, or the folder's name in the 1.0 layout. */
  readonly tag: string
  /** Epoch milliseconds; what Drizzle writes into `created_at`. */
  readonly when: number
  /** What Drizzle 1.0 writes into `name`; undefined in the journal layout. */
  readonly name: string | undefined
  /** Path of the file. */
  readonly file: string
  /** The file's text as it was read. */
  readonly sql: string
  /** {@link hashOf} the text; what Drizzle writes into `hash`. */
  readonly hash: string
}

/** SHA-256, hex. Drizzle's migrations table has that of the whole file as read (drizzle-orm/migrator.ts, readMigrationFiles). */
export function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

/**
 * The hashes that a checkout of the same file can have: git may turn LF into CRLF and back.
 * A file with both endings is never converted, so both of its hashes are that of the text as it is.
 */
export function hashesOf(text: string): { lf: string; crlf: string } {
  const lf = text.replaceAll('\r\n', '\n')
  const crlf = lf.replaceAll('\n', '\r\n')
  if (text !== lf && text !== crlf) return { lf: hashOf(text), crlf: hashOf(text) }
  return { lf: hashOf(lf), crlf: hashOf(crlf) }
}

/** Drizzle's own split of a file (drizzle-orm/migrator.ts); a chunk may hold several statements, or none. */
export function chunksOf(sql: string): string[] {
  return sql.split('--> statement-breakpoint')
}
