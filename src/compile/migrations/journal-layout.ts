import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as v from 'valibot'
import { CompileError, messageOf } from '../compile-error.ts'
import type { Migration } from './migration.ts'

/** drizzle-kit up to 0.31: `meta/_journal.json` names the files. Older versions of it differ in what we do not read. */
const Journal = v.object({
  dialect: v.optional(v.string()),
  entries: v.array(v.object({ tag: v.string(), when: v.number() })),
})

export function journalPath(directory: string): string {
  return join(directory, 'meta', '_journal.json')
}

/** Journal order, as Drizzle applies them. Files that no entry names are nobody's: Drizzle never runs them. */
export function readJournalLayout(directory: string): Migration[] {
  const path = journalPath(directory)
  const { dialect, entries } = parseJournal(path)
  if (dialect !== undefined && dialect !== 'postgresql' && dialect !== 'pg') {
    throw new CompileError(
      `${path} is of dialect "${dialect}": only PostgreSQL migrations can be compared. Set HEALTH_CHECKS without "migrations", or name another folder with --migrations.`,
    )
  }
  return entries.map(({ tag, when }) => {
    const file = join(directory, `${tag}.sql`)
    if (!existsSync(file)) {
      throw new CompileError(
        `${path} names the migration ${tag}, but there is no file ${file}: Drizzle stops there too. Restore the file, or take its entry out of the journal.`,
      )
    }
    return { tag, when, name: undefined, file, sql: readFileSync(file, 'utf8') }
  })
}

function parseJournal(path: string): v.InferOutput<typeof Journal> {
  let content: unknown
  try {
    content = JSON.parse(readFileSync(path, 'utf8'))
  } catch (error) {
    throw new CompileError(`${path} is not JSON (${messageOf(error)}). Restore it from version control.`)
  }
  const journal = v.safeParse(Journal, content)
  if (journal.success) return journal.output
  throw new CompileError(
    `${path} is not a journal of drizzle-kit (${journal.issues[0].message}). Restore it from version control.`,
  )
}
