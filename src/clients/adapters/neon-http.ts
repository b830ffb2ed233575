import type { OpenPostgres, Row } from '../interfaces.ts'
import { inTime } from './in-time.ts'

/** The part of `neon(url)` that is used here (https://github.com/neondatabase/serverless/blob/main/CONFIG.md). */
interface NeonHttp {
  query(text: string, values: unknown[]): PromiseLike<Row[]>
  transaction(
    queries: PromiseLike<Row[]>[],
    options: { readonly readOnly: true; readonly isolationLevel: 'ReadCommitted' },
  ): PromiseLike<Row[][]>
}

export const isNeonHttp = (client: unknown): client is NeonHttp =>
  typeof client === 'function' && 'transaction' in client && 'query' in client

/** Each query is one HTTP request. */
export function fromNeonHttp(sql: NeonHttp): OpenPostgres {
  return (signal) => ({
    query: ({ text, values = [] }) => inTime(signal, async () => rowsOf(await sql.query(text, [...values]))),
    readOnlyBatch: (statements) =>
      inTime(signal, async () => {
        const queries = statements.map(({ text, values = [] }) => sql.query(text, [...values]))
        const answers = await sql.transaction(queries, { readOnly: true, isolationLevel: 'ReadCommitted' })
        return answers.map(rowsOf)
      }),
  })
}

/** drizzle-orm has made the client answer whole results. */
const rowsOf = (answer: Row[] | { readonly rows: Row[] }): Row[] =>
  Array.isArray(answer) ? answer : answer.rows
