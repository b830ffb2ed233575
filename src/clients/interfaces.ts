/**
 * What a check may ask of a server, whatever driver asks it. A check takes a function that opens a client for one run, and
 * of the client only the commands that it needs: `OpenRedis<'get'>`.
 * @module
 */

export interface Statement {
  readonly text: string
  readonly values?: readonly unknown[]
}

export type Row = Readonly<Record<string, unknown>>

/** The narrow client of the checks for Postgres. */
export interface Postgres {
  /** @throws {CheckError} a {@link PostgresError} where the service or Postgres answered */
  query(statement: Statement): Promise<Row[]>
  /**
   * Runs the statements in one read-only transaction; one list of rows for each. Every statement sees what was
   * committed when it began, also where the database has another default.
   * @throws {CheckError} a {@link PostgresError} where the service or Postgres answered
   */
  readOnlyBatch(statements: readonly Statement[]): Promise<Row[][]>
}

/**
 * Opens a client for one run. Nothing that it opened outlives the signal, which aborts when the run ends in whatever way.
 *
 * @example
 * const check = (open: OpenPostgres<'query'>) => ({ signal }: CheckContext) => open(signal).query({ text: 'select 1' })
 */
export type OpenPostgres<Method extends keyof Postgres = keyof Postgres> = (
  signal: AbortSignal,
) => Pick<Postgres, Method>

/**
 * Options of a SET (https://redis.io/docs/latest/commands/set/): `ex` seconds or `px` milliseconds until the key expires;
 * `nx` writes only where there is no such key; `get` answers the old value.
 */
export type SetOptions = ({ readonly ex: number } | { readonly px: number }) &
  ({ readonly nx: true } | { readonly get?: true })

/**
 * The narrow client of the checks for Redis: the commands that the product sends. Replies are what Redis sent: strings,
 * numbers, null and lists of them. Every command throws a {@link CheckError}, which is a `RedisError` where Redis answered.
 */
export interface Redis {
  /** The server's clock at its last answer, in epoch ms, to the second; undefined where it does not say. */
  readonly servedAt?: number | undefined
  get(key: string): Promise<unknown>
  /** The bytes of a string from `start` to `end`, both included; empty where the key does not exist. */
  getrange(key: string, start: number, end: number): Promise<string>
  set(key: string, value: string, options?: SetOptions): Promise<unknown>
  del(...keys: string[]): Promise<unknown>
  eval(script: string, keys: string[], args: string[]): Promise<unknown>
}

export interface RedisOptions {
  /** Whether a command is sent again after its connection was closed unanswered. Not for one that does harm twice. */
  readonly retry?: boolean
}

/**
 * Opens a client for one run. Nothing that it opened outlives the signal, which aborts when the run ends in whatever way.
 *
 * @example
 * const check = (open: OpenRedis<'get'>) => ({ signal }: CheckContext) => open(signal).get('key')
 */
export type OpenRedis<Command extends keyof Redis = keyof Redis> = (
  signal: AbortSignal,
  options?: RedisOptions,
) => Pick<Redis, Command>
