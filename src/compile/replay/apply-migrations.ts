import { chunksOf, type Migration } from '../migrations/migration.ts'
import type { MigrationSet } from '../migrations/read-migrations.ts'
import { type Database, isDatabaseError } from './database.ts'
import {
  createLedger,
  defaultLedger,
  type LedgerTable,
  pendingMigrations,
  recordMigration,
} from './ledger.ts'
import { migrationFault } from './migration-fault.ts'
import { quoteIdentifier } from './quote-identifier.ts'

export interface ApplyOptions {
  /** Drizzle's table of applied migrations. [ledger=drizzle.__drizzle_migrations] */
  readonly ledger?: LedgerTable
  /** Chunks (what stands between two breakpoints) that match are not run. */
  readonly skip?: RegExp | undefined
  /** Called after each file. */
  readonly onApplied?: (migration: Migration, applied: number, all: number) => void
}

export interface Applied {
  readonly migrations: readonly Migration[]
  /** Roles that the migrations need and nobody had created; they exist now. */
  readonly createdRoles: readonly string[]
  /** The files that `skip` left something out of. */
  readonly skipped: readonly Skipped[]
  /** One line each. */
  readonly warnings: readonly string[]
}

export interface Skipped {
  readonly tag: string
  /** How many chunks were left out, and how many the file has. */
  readonly chunks: number
  readonly of: number
}

/**
 * Applies what Drizzle would apply, and keeps the ledger as Drizzle does. Unlike Drizzle's own migrator for PGlite, it
 * runs every chunk by the simple protocol, as node-postgres does, so that a chunk may hold several statements, and one
 * transaction for each file, so that a file may use the enum value that the file before it added.
 * @throws CompileError that names the file, the statement and what Postgres says
 */
export async function applyMigrations(
  database: Database,
  { migrations, layout }: Pick<MigrationSet, 'migrations' | 'layout'>,
  { ledger = defaultLedger, skip, onApplied }: ApplyOptions = {},
): Promise<Applied> {
  await createLedger(database, ledger, layout)
  const pending = await pendingMigrations(database, migrations, ledger, layout)
  const run: Run = { database, ledger, createdRoles: [], warnings: [] }
  const skipped: Skipped[] = []
  for (const [index, migration] of pending.entries()) {
    const written = chunksOf(migration.sql)
    const chunks = written.filter((chunk) => !skip?.test(chunk))
    const left = written.length - chunks.length
    if (left > 0) skipped.push({ tag: migration.tag, chunks: left, of: written.length })
    await applyFile(run, migration, chunks)
    onApplied?.(migration, index + 1, pending.length)
  }
  // A migration may leave settings, another role or temporary tables behind in this session.
  await database.exec('discard all')
  const { createdRoles, warnings } = run
  return { migrations: pending, createdRoles, skipped, warnings }
}

interface Run {
  readonly database: Database
  readonly ledger: LedgerTable
  readonly createdRoles: string[]
  readonly warnings: string[]
}

/**
 * What could not run although the migration is fine. There are no savepoints to come back to: within one, Postgres
 * refuses an enum value that the same transaction added to a type of its own. So the file starts again.
 */
async function applyFile(run: Run, migration: Migration, chunks: readonly string[]): Promise<void> {
  let inTransaction = true
  let alone = false
  let from = 0
  for (;;) {
    const stopped = await attempt(run, migration, chunks.slice(from), { inTransaction, alone })
    if (!stopped) return
    if (!(await leaveTransaction(run.database))) {
      // The file has committed by itself: what came before this chunk stays.
      inTransaction = false
      from += stopped.chunk
    }
    const role = missingRole(stopped.error)
    if (role !== undefined && !run.createdRoles.includes(role)) {
      await run.database.exec(`create role ${quoteIdentifier(role)}`)
      run.createdRoles.push(role)
    } else if (!alone && needsNoTransaction(stopped.error)) {
      inTransaction = false
      alone = true
      run.warnings.push(
        `${migration.tag} holds a statement that cannot run inside a transaction: it is applied here, but Drizzle's migrators run it in one and stop there (over neon-http they do not).`,
      )
    } else {
      throw migrationFault(migration, stopped.sql, stopped.error)
    }
  }
}

interface Stopped {
  /** Index of the chunk. */
  readonly chunk: number
  readonly sql: string
  readonly error: unknown
}

async function attempt(
  { database, ledger }: Run,
  migration: Migration,
  chunks: readonly string[],
  { inTransaction, alone }: { inTransaction: boolean; alone: boolean },
): Promise<Stopped | undefined> {
  if (inTransaction) await database.exec('begin')
  for (const [chunk, sql] of chunks.entries()) {
    try {
      await database.exec(alone ? withoutConcurrently(sql) : sql)
    } catch (error) {
      return { chunk, sql, error }
    }
  }
  try {
    // Owners are not compared: a role that the file has taken on ends with it, since it may not write the ledger.
    await database.exec('reset session authorization; reset role')
    await recordMigration(database, migration, ledger)
    await database.exec('commit')
    return undefined
  } catch (error) {
    // Deferred constraints speak up here.
    return { chunk: chunks.length, sql: chunks.at(-1) ?? '', error }
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

function missingRole(error: unknown): string | undefined {
  if (!isDatabaseError(error) || (error.code !== '42704' && error.code !== '22023')) return undefined
  return /^role "(.+)" does not exist$/.exec(error.message)?.[1]
}

/** 25001 active_sql_transaction: CREATE INDEX CONCURRENTLY. 55P04 unsafe_new_enum_value_usage. */
function needsNoTransaction(error: unknown): boolean {
  return isDatabaseError(error) && (error.code === '25001' || error.code === '55P04')
}

/** Several statements in one chunk are a transaction too; the index is the same without the word. */
function withoutConcurrently(sql: string): string {
  return sql.replace(/\b((?:create\s+(?:unique\s+)?|drop\s+)index)\s+concurrently\b/gi, '$1')
}
