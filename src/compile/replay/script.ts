import type { CompileError } from '../compile-error.ts'
import type { Database } from './database.ts'
import type { LedgerTable } from './ledger.ts'
import type { Missing } from './missing-extension.ts'

/** SQL that is run as one: a migration or a prelude. */
export interface Script {
  /** For warnings. */
  readonly name: string
  /** Called at the end of its transaction, inside of it. */
  finish(): Promise<void>
  /** What stops the replay when there is no other way to run it. */
  fault(statement: string, error: unknown): CompileError
}

/** What all scripts of one replay share. */
export interface Run {
  readonly database: Database
  readonly ledger: LedgerTable
  /** All texts of the migrations. */
  readonly sql: readonly string[]
  /** Filled by the scripts. */
  readonly createdRoles: string[]
  /** Filled by the scripts. */
  readonly createdCollations: string[]
  /** Filled by the scripts. */
  readonly missing: Missing
  /** Filled by the scripts. */
  readonly warnings: string[]
}

export function createRun(database: Database, ledger: LedgerTable, sql: readonly string[] = []): Run {
  return {
    database,
    ledger,
    sql,
    createdRoles: [],
    createdCollations: [],
    missing: { extensions: [], types: [], objects: [] },
    warnings: [],
  }
}

/** How a script is run; it begins with the first of each. */
export interface Manner {
  inTransaction: boolean
  /** Each statement by itself. */
  alone: boolean
  /** Whether foreign keys are checked and triggers of rows run. */
  foreignKeys: boolean
  /** How many statements that only change rows were left out so far. */
  leftOut: number
  /** Queries that stand for an INSERT, because of what they call, and what was said of it. */
  readonly queries: Map<string, { readonly insert: string; readonly warning: string }>
  /** The statement before which tables were emptied last, and how. */
  emptied?: { readonly before: string; readonly sql: string }
}

/** A script that stopped. */
export interface Stopped {
  /** Index of the part; the number of parts when the transaction could not be committed. */
  readonly at: number
  readonly error: unknown
}
