import { neon, neonConfig } from '@neondatabase/serverless'
import { Failure } from '../check.ts'
import { boundedFetch } from './bounded-fetch.ts'

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

/** The narrow client of the checks: every call is one HTTP request. */
export interface Postgres {
  query(statement: Statement): Promise<Row[]>
  /** Runs the statements in one read-only transaction; one list of rows for each. */
  readOnlyBatch(statements: readonly Statement[]): Promise<Row[][]>
}

/** A fault of the database or of the way to it. */
export class PostgresFailure extends Failure {
  /** SQLSTATE, five characters, where Postgres itself answered. */
  declare readonly sqlstate: string | undefined
}

// fetchFunction and fetchEndpoint are settings of the whole module (CONFIG.md of the driver), so they are set once
// and the endpoint of a connection travels with its query, in the fetch options.
neonConfig.fetchFunction = async (
  url: string,
  init: RequestInit & { signal: AbortSignal; endpoint?: string },
) => {
  const { endpoint, ...rest } = init
  const { status, text } = await boundedFetch(endpoint ?? url, rest)
  return new Response(text, { status })
}

/** A client for one run: nothing outlives the signal. */
export function createPostgres(connection: PostgresConnection, signal: AbortSignal): Postgres {
  const sql = neon(connection.url)
  const fetchOptions = { signal, endpoint: connection.endpoint }
  return {
    query: async ({ text, values = [] }) => (await sql.query(text, [...values], { fetchOptions })) as Row[],
    readOnlyBatch: async (statements) =>
      (await sql.transaction(
        statements.map(({ text, values = [] }) => sql.query(text, [...values])),
        { readOnly: true, fetchOptions },
      )) as Row[][],
  }
}
