import { messageOf } from '../compile-error.ts'
import type { Migration } from '../migrations/migration.ts'
import { type Database, isDatabaseError, isForeignKeyViolation } from './database.ts'
import { type LedgerTable, recordMigration } from './ledger.ts'
import { migrationFault } from './migration-fault.ts'
import { type Missing, withoutExtension, withoutModifiers } from './missing-extension.ts'
import { quoteIdentifier } from './quote-identifier.ts'
import { isDataStatement, splitStatements } from './split-statements.ts'

/** What all files of one replay share. */
export interface Run {
  readonly database: Database
  readonly ledger: LedgerTable
  readonly migrations: readonly Migration[]
  /** Filled here. */
  readonly createdRoles: string[]
  /** Filled here. */
  readonly missing: Missing
  /** Filled here. */
  readonly warnings: string[]
}

/** How a file is run; it begins with the first of each. */
interface Manner {
  inTransaction: boolean
  /** Each statement by itself. */
  alone: boolean
  foreignKeys: boolean
}

/**
 * Runs a file. Some things stop it although the migration is fine; then the file starts again in another manner, or
 * without a statement that a schema does not need. There are no savepoints to come back to: within one, Postgres
 * refuses an enum value that the same transaction added to a type of its own.
 */
export async function applyFile(run: Run, migration: Migration, parts: readonly string[]): Promise<void> {
  const manner: Manner = { inTransaction: true, alone: false, foreignKeys: true }
  let left = withoutModifiers(parts, run.missing)
  for (;;) {
    const stopped = await attempt(run, migration, left, manner)
    if (!stopped) return
    let { at } = stopped
    const isUndone = (await leaveTransaction(run.database)) || at === left.length
    if (!isUndone) {
      // The file has committed by itself: what came before this part stays.
      manner.inTransaction = false
      left = left.slice(at)
      at = 0
    }
    const again = await recover(run, migration, left, { at, error: stopped.error }, manner)
    if (!again) throw migrationFault(migration, left[at] ?? left.at(-1) ?? '', stopped.error, run.migrations)
    left = again
  }
}

interface Stopped {
  /** Index of the part; the number of parts when the transaction could not be committed. */
  readonly at: number
  readonly error: unknown
}

async function attempt(
  { database, ledger }: Run,
  migration: Migration,
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
    // Owners are not compared: a role that the file has taken on ends with it, since it may not write the ledger.
    await database.exec('reset session authorization; reset role')
    await recordMigration(database, migration, ledger)
    await database.exec('commit')
    if (!foreignKeys) await database.exec('reset session_replication_role')
    return undefined
  } catch (error) {
    // Deferred constraints are checked here.
    return { at: parts.length, error }
  }
}

/** Whether the transaction of the file was still open: then nothing of the file has happened. */
async function leaveTransaction(database: Database): Promise<boolean> {
  try {
    await database.exec('select')
    return false
  } catch {
    await database.exec('rollback')
    return true
  }
}

/** What to run instead, or undefined when the migration itself is wrong. */
async function recover(
  { database, createdRoles, missing, warnings }: Run,
  { tag }: Migration,
  parts: readonly string[],
  { at, error }: Stopped,
  manner: Manner,
): Promise<readonly string[] | undefined> {
  const role = missingRole(error)
  if (role !== undefined && !createdRoles.includes(role)) {
    await database.exec(`create role ${quoteIdentifier(role)}`)
    createdRoles.push(role)
    return parts
  }
  const rest = await withoutExtension(database, missing, parts, at, error)
  if (rest) return rest
  if (!manner.alone && needsNoTransaction(error)) {
    Object.assign(manner, { inTransaction: false, alone: true })
    warnings.push(
      `${tag} holds a statement that cannot run inside a transaction: it is applied here, but Drizzle's migrators run it in one and stop there (over neon-http they do not).`,
    )
    return parts
  }
  if (manner.foreignKeys && isForeignKeyViolation(error)) {
    manner.foreignKeys = false
    warnings.push(
      `${tag} writes rows that point to rows which no migration makes: it is replayed without checks of foreign keys. On an empty database Drizzle stops there.`,
    )
    return parts
  }
  return withoutFailedData(parts, at, (said) => warnings.push(`${tag}: ${said}`), error)
}

/** First the statements of the part apart, to see which of them fails; then without it if it only changes rows. */
function withoutFailedData(
  parts: readonly string[],
  at: number,
  warn: (said: string) => void,
  error: unknown,
): readonly string[] | undefined {
  const statements = (parts[at] === undefined ? parts : [parts[at]]).flatMap(splitStatements)
  if (!statements.some(isDataStatement)) return undefined
  const atCommit = parts[at] === undefined
  if (!atCommit && statements.length > 1) return parts.toSpliced(at, 1, ...statements)
  const what = atCommit
    ? 'what it does to rows cannot be committed'
    : 'a statement that only changes rows fails'
  warn(
    `${what} (${messageOf(error)}). It is left out, because no schema needs it; on an empty database Drizzle stops there.`,
  )
  return atCommit ? statements.filter((statement) => !isDataStatement(statement)) : parts.toSpliced(at, 1)
}

/** The role that a statement needs, by what Postgres says: 42704 undefined_object, 22023 of SET ROLE. */
export function missingRole(error: unknown): string | undefined {
  if (!isDatabaseError(error) || (error.code !== '42704' && error.code !== '22023')) return undefined
  return /^role "(.+)" does not exist$/.exec(error.message)?.[1]
}

/** 25001 active_sql_transaction: CREATE INDEX CONCURRENTLY. 55P04 unsafe_new_enum_value_usage. */
function needsNoTransaction(error: unknown): boolean {
  return isDatabaseError(error) && (error.code === '25001' || error.code === '55P04')
}

/** Several statements in one part are a transaction too; the index is the same without the word. */
export function withoutConcurrently(sql: string): string {
  return sql.replace(/\b((?:create\s+(?:unique\s+)?|drop\s+)index)\s+concurrently\b/gi, '$1')
}
