import type { Database } from './database.ts'
import { withoutModifiers } from './missing-extension.ts'
import { recover } from './recovery/recover.ts'
import type { Manner, Run, Script, Stopped } from './script.ts'
import { firstWord, withoutStatements } from './split-statements.ts'

/**
 * Runs a script. Some things stop it although it is fine; then it starts again in another manner, or without a statement
 * that a schema does not need. Savepoints cannot be used: inside of one, Postgres refuses an enum
 * value that the same transaction added to a type of its own.
 */
export async function applyFile(run: Run, script: Script, parts: readonly string[]): Promise<void> {
  const manner: Manner = {
    inTransaction: true,
    alone: false,
    foreignKeys: true,
    leftOut: 0,
    queries: new Map(),
  }
  let left = withoutClientCopies(run, script, withoutModifiers(parts, run.missing))
  for (;;) {
    const stopped = await attempt(run.database, script, left, manner)
    if (!stopped) return
    let { at } = stopped
    const isUndone = (await leaveTransaction(run.database)) || at === left.length
    if (!isUndone) {
      // The file has committed by itself: what came before this part stays.
      manner.inTransaction = false
      left = left.slice(at)
      at = 0
    }
    const again = await recover(run, script, left, { at, error: stopped.error }, manner)
    if (!again) throw script.fault(left[at] ?? left.at(-1) ?? '', stopped.error)
    left = again
  }
}

async function attempt(
  database: Database,
  script: Script,
  parts: readonly string[],
  { inTransaction, alone, foreignKeys }: Manner,
): Promise<Stopped | undefined> {
  if (!foreignKeys) await database.exec('set session_replication_role = replica')
  if (inTransaction) await database.exec('begin')
  for (const [at, sql] of parts.entries()) {
    try {
      await database.exec(alone ? withoutConcurrently(sql) : sql)
    } catch (error) {
      return { at, error }
    }
  }
  try {
    await script.finish()
    await database.exec('commit')
    if (!foreignKeys) await database.exec('reset session_replication_role')
    return undefined
  } catch (error) {
    // Deferred constraints are checked here.
    return { at: parts.length, error }
  }
}

/** Whether the transaction of the script was still open: then nothing of it has happened. */
async function leaveTransaction(database: Database): Promise<boolean> {
  try {
    await database.exec('select')
    return false
  } catch {
    await database.exec('rollback')
    return true
  }
}

/** Several statements in one part are a transaction too; the index is the same without the word. */
export function withoutConcurrently(sql: string): string {
  return sql.replace(/\b((?:create\s+(?:unique\s+)?|drop\s+)index)\s+concurrently\b/gi, '$1')
}

/** The embedded Postgres would wait for rows for ever. */
function withoutClientCopies(run: Run, { name }: Script, parts: readonly string[]): readonly string[] {
  const isCopy = (statement: string) => firstWord(statement) === 'copy' && fromStdin.test(statement)
  return parts.flatMap((part) => {
    if (!fromStdin.test(part)) return [part]
    const others = withoutStatements(part, isCopy)
    if (others[0] === part) return [part]
    run.warnings.push(
      `${name}: COPY FROM STDIN is left out: Drizzle has no rows for it, and no schema needs them.`,
    )
    return others
  })
}

const fromStdin = /\bfrom\s+stdin\b/i
