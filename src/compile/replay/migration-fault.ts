import { CompileError, messageOf } from '../compile-error.ts'
import type { Migration } from '../migrations/migration.ts'
import { isDatabaseError } from './database.ts'

const longestStatement = 300

/** The sentence for a migration that Postgres refuses: its file, the statement, what Postgres says, how to go on. */
export function migrationFault(migration: Migration, chunk: string, error: unknown): CompileError {
  const statement = statementAt(chunk, error)
  const said = [messageOf(error), ...(isDatabaseError(error) ? notes(error) : [])].join('; ')
  return new CompileError(`${migration.file} cannot be applied: ${said}. ${adviceFor(error)}\n  ${statement}`)
}

function notes(error: { detail?: string; hint?: string }): string[] {
  return [error.detail, error.hint].filter((note) => note !== undefined)
}

/** The line of the chunk that Postgres points at and what follows, else the chunk's beginning. */
function statementAt(chunk: string, error: unknown): string {
  const position = isDatabaseError(error) ? Number(error.position ?? 0) : 0
  const from = position > 0 ? chunk.lastIndexOf('\n', position - 2) + 1 : 0
  const text = chunk.slice(from).replaceAll(/\s+/g, ' ').trim()
  return text.length > longestStatement ? `${text.slice(0, longestStatement)}…` : text
}

/** What the platform provides and a bare Postgres has not: functions, types, schemas, tables of others. */
const absent = new Set(['42883', '42704', '3F000', '42P01'])

function adviceFor(error: unknown): string {
  if (!isDatabaseError(error)) return 'Repair the migration.'
  const extension = /^extension "(.+)" is not available$/.exec(error.message)?.[1]
  if (extension !== undefined) {
    return `The embedded Postgres has no ${extension}: leave out what needs it with --skip PATTERN (a regular expression; what stands between two breakpoints is left out whole), or supply stand-ins with --prelude FILE and skip only its CREATE EXTENSION.`
  }
  if (absent.has(error.code)) {
    return 'Repair the migration; if your platform provides what is missing, supply it with --preset neon or --prelude FILE, or leave it out with --skip PATTERN.'
  }
  return 'Repair the migration, or leave it out with --skip PATTERN.'
}
