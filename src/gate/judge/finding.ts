/** How bad it is: `fail` stops the deploy, `warn` shows, `pass` is for the record. */
export type Level = 'pass' | 'warn' | 'fail'

/** Stable names of what can be found. */
export const gateCodes = [
  'rewrites',
  'reads_all',
  'builds_index',
  'changes_rows',
  'blocks',
  'breaks_running_release',
  'needs_first',
  'fails',
  'no_lock_timeout',
  'not_in_transaction',
  'half_applied',
  'not_measured',
] as const

export type GateCode = (typeof gateCodes)[number]

/** A relation whose traffic waits while a statement works. */
export interface Waits {
  readonly object: string
  readonly reads: boolean
  readonly writes: boolean
}

/** How much there is to do, as production is now. What is not known is absent. */
export interface Amount {
  /** Of the table itself. */
  readonly heapBytes?: number
  readonly toastBytes?: number
  readonly indexBytes?: number
  readonly rows?: number
  /** How many indexes are built. */
  readonly indexes?: number
}

/** One thing that a pending migration would do. */
export interface GateFinding {
  readonly level: Level
  readonly code: GateCode
  /** `schema.name` of the relation, its column, or what else it is about. */
  readonly object: string
  /** Absent for what is about the whole migration. */
  readonly statement?: { readonly number: number; readonly text: string }
  /** A sentence without a full stop. */
  readonly message: string
  readonly amount?: Amount
  readonly waits?: readonly Waits[]
  /** The safer way, in words. */
  readonly advice?: string
  /** Its SQL, where it is certain: each statement in a transaction of its own, outside of Drizzle's. */
  readonly saferSql?: readonly string[]
  /** Why it was accepted: its level was worse. */
  readonly allowed?: string
}

const order: readonly Level[] = ['pass', 'warn', 'fail']

export const worst = (levels: Iterable<Level>): Level =>
  order[Math.max(0, ...[...levels].map((level) => order.indexOf(level)))] ?? 'pass'

/** One step less bad. */
export const milder = (level: Level): Level => order[Math.max(0, order.indexOf(level) - 1)] ?? 'pass'
