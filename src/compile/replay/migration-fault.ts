import { CompileError, messageOf } from '../compile-error.ts'
import type { Migration } from '../migrations/migration.ts'
import { makesNothing, pulledFileAdvice } from '../migrations/pulled-file.ts'
import { isDatabaseError } from './database.ts'
import { extensionOf } from './extension-of.ts'
import { shortStatement } from './short-statement.ts'

/**
 * The sentence for a migration that Postgres refuses: its file, the statement, what Postgres says, how to go on.
 *
 * @param migrations all of the folder: what is missing may be in a file of which nothing is run
 * @param lacking extensions that the migrations make and the embedded Postgres does not have
 */
export function migrationFault(
  migration: Migration,
  chunk: string,
  error: unknown,
  migrations: readonly Migration[] = [],
  lacking: readonly string[] = [],
): CompileError {
  const statement = statementAt(chunk, error)
  const said = [messageOf(error), ...(isDatabaseError(error) ? notes(error) : [])].join('; ')
  return new CompileError(
    `${migration.file} cannot be applied: ${withStop(said)} ${adviceFor(error, migrations, chunk, lacking)}\n  ${statement}`,
  )
}

/** A hint of Postgres ends with a full stop of its own. */
const withStop = (text: string) => (text.endsWith('.') ? text : `${text}.`)

function notes(error: { detail?: string; hint?: string }): string[] {
  return [error.detail, error.hint].filter((note) => note !== undefined)
}

/** The line of the chunk that Postgres points at and what follows, else the chunk's beginning. */
function statementAt(chunk: string, error: unknown): string {
  const position = isDatabaseError(error) ? Number(error.position ?? 0) : 0
  const from = position > 0 ? chunk.lastIndexOf('\n', position - 2) + 1 : 0
  return shortStatement(chunk.slice(from), 300)
}

/** What a platform provides and a bare Postgres does not have: functions, types, schemas, tables. */
const absent = new Set(['42883', '42704', '3F000', '42P01'])

/** 42P07 duplicate_table, 42701 duplicate_column, 42710 duplicate_object, 42723 duplicate_function. */
const present = new Set(['42P07', '42701', '42710', '42723'])

/** What the preset neon makes. */
const ofNeon = /\bneon_auth\b|\bauth\.(?:user_id|uid|org_id|session|jwt|init)\b|\bneon_superuser\b/

/** Without it, what the live database has of the statement would be found for ever. */
const thenIgnore = 'where it makes something, accept with --ignore PATTERNS what the check then finds of it'

function adviceFor(
  error: unknown,
  migrations: readonly Migration[],
  chunk: string,
  lacking: readonly string[],
): string {
  if (!isDatabaseError(error)) return 'Correct the migration.'
  const extension = /^extension "(.+)" is not available$/.exec(error.message)?.[1]
  if (extension !== undefined) {
    return `The embedded Postgres has no ${extension}: leave out the statements that need it with --skip PATTERN (a regular expression), or supply stand-ins with --prelude FILE and leave out only its CREATE EXTENSION.`
  }
  const pulled = migrations.find(makesNothing)
  if (absent.has(error.code) && pulled) return pulledFileAdvice(pulled)
  if (present.has(error.code)) {
    return 'Correct the migration; if --prelude FILE made it, take it out of FILE, which must hold only what was there before the first migration.'
  }
  const brought = extensionOf(error.message)
  if (brought && !lacking.includes(brought.extension)) {
    return `${brought.name} needs the extension ${brought.extension}. Where it was made in a console, write \`CREATE EXTENSION IF NOT EXISTS "${brought.extension}";\` into a file and name that with --prelude FILE.`
  }
  if (absent.has(error.code)) {
    const supply = ofNeon.test(chunk) ? '--preset neon' : '--prelude FILE'
    return `Correct the migration; if your platform provides what is missing, supply it with ${supply}, or leave the statement out with --skip PATTERN; ${thenIgnore}.`
  }
  return `Correct the migration, or leave the statement out with --skip PATTERN; ${thenIgnore}.`
}
