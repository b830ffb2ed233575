import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as v from 'valibot'
import { CompileError, messageOf } from '../compile-error.ts'
import { migrationFolders } from './folder-layout.ts'
import { hashOf, type Migration } from './migration.ts'

/** drizzle-kit up to 0.31: `meta/_journal.json` names the files. The versions of it differ only in what is not read here. */
const Journal = v.object({
  dialect: v.optional(v.string()),
  entries: v.array(v.object({ tag: v.string(), when: v.number() })),
})

export function journalPath(directory: string): string {
  return join(directory, 'meta', '_journal.json')
}

/** The migrations in the order of the journal, as Drizzle applies them. */
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
    if (!existsSync(file)) throw new CompileError(missingFile(directory, tag, file))
    const sql = readFileSync(file, 'utf8')
    return { tag, when, name: undefined, file, sql, hash: hashOf(sql) }
  })
}

function missingFile(directory: string, tag: string, file: string): string {
  const path = journalPath(directory)
  const name = tag.split('_').slice(1).join('_')
  const moved = migrationFolders(directory).find((folder) => folder.endsWith(`_${name}`))
  // `drizzle-kit up` moves one file after the other and removes the journal last (drizzle-kit 1.0, applyFoldersV3).
  return moved === undefined
    ? `${path} names the migration ${tag}, but there is no file ${file}: Drizzle stops there too. Restore the file, or take its entry out of the journal.`
    : `${directory} is half converted to Drizzle 1.0: ${path} names the migration ${tag}, which is already the folder ${moved}. Restore ${directory} from version control and run \`drizzle-kit up\` again.`
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
