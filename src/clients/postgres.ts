import { NeonDbError, neon, neonConfig } from '@neondatabase/serverless'
import { CheckError } from '../core/check.ts'
import { type Clock, systemClock } from '../core/clock.ts'
import { boundedFetch } from './bounded-fetch.ts'
import { PostgresError, postgresFault } from './postgres-fault.ts'

export { PostgresError } from './postgres-fault.ts'

/** Where a Postgres is asked over HTTP. */
export interface PostgresConnection {
  /** `postgres://user:password@host/database` */
  readonly url: string
  /** SQL-over-HTTP URL; the driver's own (`https://api.<domain>/sql`) when absent. */
  readonly endpoint?: string
}

export interface Statement {
  readonly text: string
  readonly values?: readonly unknown[]
}

export type Row = Readonly<Record<string, unknown>>

/** The narrow client of the checks. Every call is one HTTP request, two when a compute is waking up. */
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

/** What travels with a query in the driver's `fetchOptions`. */
interface FetchOptions {
  readonly signal: AbortSignal
  readonly endpoint: string | undefined
}

// fetchFunction is a setting of the whole module (CONFIG.md of the driver), so it is set once, and the
// endpoint of a connection travels with its query.
neonConfig.fetchFunction = async (url: string, { endpoint, ...init }: RequestInit & FetchOptions) => {
  const { status, text } = await boundedFetch(endpoint ?? url, init)
  if (status < 200 || status > 299) throw postgresFault(status, text)
  // All that the driver reads of a good answer; a Response would encode the text only to decode it again.
  return { ok: true, json: async () => JSON.parse(text) }
}

/** How long a compute that is waking up is left alone before it is asked once more, in ms. */
const wakeUpMs = 250

/** A client for one run: nothing outlives the signal. */
export function createPostgres(
  connection: PostgresConnection,
  signal: AbortSignal,
  clock: Clock = systemClock,
): Postgres {
  const sql = neon(connection.url, { disableWarningInBrowsers: true })
  const fetchOptions: FetchOptions = { signal, endpoint: connection.endpoint }
  return {
    query: ({ text, values = [] }) =>
      retryOnce(clock, signal, async () => (await sql.query(text, [...values], { fetchOptions })) as Row[]),
    readOnlyBatch: (statements) =>
      retryOnce(clock, signal, async () => {
        const queries = statements.map(({ text, values = [] }) => sql.query(text, [...values]))
        const transaction = { readOnly: true, isolationLevel: 'ReadCommitted', fetchOptions } as const
        return (await sql.transaction(queries, transaction)) as Row[][]
      }),
  }
}

async function retryOnce<T>(clock: Clock, signal: AbortSignal, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask()
  } catch (error) {
    const first = asFailure(error)
    if (!mayBeWaking(first)) throw first
    await clock.sleep(wakeUpMs, signal)
    if (signal.aborted) throw first
  }
  return ask().catch((error) => {
    throw asFailure(error)
  })
}

/** A refused or broken connection counts: a proxy in front of a sleeping compute may do either. */
function mayBeWaking(failure: CheckError): boolean {
  return failure instanceof PostgresError ? failure.mayBeWaking : failure.code === 'unreachable'
}

/** The driver wraps what our fetch threw; what it throws itself is about an answer that it could not read. */
function asFailure(error: unknown): CheckError {
  const source = error instanceof NeonDbError ? error.sourceError : error
  if (source instanceof CheckError) return source
  return new PostgresError('wrong_answer', 'the answer is not one of the SQL-over-HTTP protocol', {
    cause: error,
  })
}
