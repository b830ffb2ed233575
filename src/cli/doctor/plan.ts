/** Commands that Redis bills: a write once more in each read region. */
export interface Commands {
  readonly reads: number
  readonly writes: number
}

/** Which Redis database gets commands: the application's, or the broker where that is another one. */
export type RedisDatabase = 'application' | 'broker'

/** What the monitor asks. */
export interface Monitor {
  /** Seconds between two requests of one checker. */
  readonly everySeconds: number
  /** From how many places it asks, each at its own time. */
  readonly checkers: number
  /** Names of the checks that it asks. */
  readonly asks: readonly string[]
}

/** All that decides on what a month costs. */
export interface Plan {
  /** Names of the checks, in the order of the answer. */
  readonly checks: readonly string[]
  /** For how many seconds a good result of the check is repeated. */
  readonly ttlSeconds: Readonly<Record<string, number>>
  /** What one healthy run of the check costs in Redis; nothing for a check that asks no Redis. */
  readonly commands: Readonly<Record<string, { readonly database: RedisDatabase } & Commands>>
  readonly hasStore: boolean
  /** Schedules as `createTimetable` takes them, in which Sunday is 0. */
  readonly crons: readonly string[]
  readonly monitor: Monitor | undefined
  /** Read regions of the Redis database. */
  readonly regions: number
  /** Who is billed by Neon's and Upstash's lists: a server of another provider costs the same however often it is asked. */
  readonly billed: ReadonlySet<'database' | RedisDatabase>
}
