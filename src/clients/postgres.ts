import { NeonDbError, neon } from '@neondatabase/serverless'
import { CheckError } from '../core/check.ts'
import { type Clock, systemClock } from '../core/clock.ts'
import { boundedFetch } from './bounded-fetch.ts'
import { type DriverFetch, withDriverFetch } from './driver-fetch.ts'
import type { OpenPostgres, Postgres, Row } from './interfaces.ts'
import { PostgresError, postgresFault } from './postgres-fault.ts'
import { createRetryOnce } from './retry-once.ts'

export type { OpenPostgres, Postgres, Row, Statement } from './interfaces.ts'
export { PostgresError } from './postgres-fault.ts'

/**
 * Where a Postgres is reached over HTTP.
 *
 * @example
 * const connection: PostgresConnection = { url: 'postgres://app:password@ep-x.eu-central-1.aws.neon.tech/shop' }
 */
export interface PostgresConnection {
  /** `postgres://user:password@host/database` */
  readonly url: string
  /** SQL-over-HTTP URL; the driver's own (`https://api.<domain>/sql`) when absent. */
  readonly endpoint?: string
}

/**
 * Opens clients that ask over HTTP.
 *
 * @example
 * createWorker({ expected, checks: [databaseCheck({ name: 'billing-database', postgres: postgresOverHttp({ url }) })] })
 */
export function postgresOverHttp(connection: PostgresConnection): OpenPostgres {
  let driver: Driver | undefined
  return (signal) => {
    driver ??= driverOf(connection)
    return clientOf(driver, connection, signal, systemClock)
  }
}

/**
 * A client for one run: nothing outlives the signal. Every call is one HTTP request. The first of a client's requests that
 * meets a passing fault is sent once more, and no other: so the subrequests of a run are counted, whatever Postgres does.
 *
 * @example
 * const rows = await createPostgres({ url }, signal).query({ text: 'select 1 as answer' })
 */
export function createPostgres(
  connection: PostgresConnection,
  signal: AbortSignal,
  clock: Clock = systemClock,
): Postgres {
  return clientOf(driverOf(connection), connection, signal, clock)
}

/** Takes the connection string apart, which is not done again for each run. */
const driverOf = ({ url }: PostgresConnection) => neon(url, { disableWarningInBrowsers: true })

type Driver = ReturnType<typeof driverOf>

function clientOf(sql: Driver, connection: PostgresConnection, signal: AbortSignal, clock: Clock): Postgres {
  const retryOnce = createRetryOnce(clock, signal)
  const send = <T>(begin: () => Promise<T>) => retryOnce(() => sendOnce(connection, signal, begin))
  return {
    query: ({ text, values = [] }) =>
      send<Row[]>(() => sql.query(text, [...values]).then((rows: Row[]) => rows)),
    readOnlyBatch: (statements) =>
      send<Row[][]>(() => {
        const queries = statements.map(({ text, values = [] }) => sql.query(text, [...values]))
        return sql.transaction(queries, { readOnly: true, isolationLevel: 'ReadCommitted' })
      }),
  }
}

/** One request of the driver, over a bounded fetch. @throws {CheckError} */
async function sendOnce<T>(
  { endpoint }: PostgresConnection,
  signal: AbortSignal,
  begin: () => Promise<T>,
): Promise<T> {
  let requestId: string | undefined
  const bounded: DriverFetch = async (url, init) => {
    const { status, text, headers } = await boundedFetch(endpoint ?? url, { ...init, signal })
    requestId = requestIdOf(headers)
    if (status < 200 || status > 299) throw postgresFault(status, text, requestId)
    // All that the driver reads of a good answer; a Response would encode the text only to decode it again.
    return { ok: true, json: async () => JSON.parse(text) }
  }
  try {
    return await withDriverFetch(bounded, begin)
  } catch (error) {
    // The driver wraps what our fetch threw; what it throws itself is about an answer that it could not read.
    const source = error instanceof NeonDbError ? error.sourceError : error
    if (source instanceof CheckError) throw source
    throw new PostgresError('wrong_answer', 'the answer is not one of the SQL-over-HTTP protocol', {
      cause: error,
      requestId,
    })
  }
}

/** Neon's proxy gives every answer an id (proxy/src/serverless/mod.rs). Others may send anything. */
function requestIdOf(headers: Headers): string | undefined {
  const id = headers.get('neon-request-id') ?? ''
  return /^[\w-]{1,64}$/.test(id) ? id : undefined
}
