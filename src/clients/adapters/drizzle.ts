import { CheckError } from '../../core/check.ts'
import { isRecord } from '../../core/is-record.ts'
import type { OpenPostgres, Row } from '../interfaces.ts'
import { inTime } from './in-time.ts'
import { inlineValues } from './inline-values.ts'
import { fromNeonHttp, isNeonHttp } from './neon-http.ts'
import { fromPg, type PgPool } from './pg.ts'
import { fromPostgresJs, type PostgresJs } from './postgres-js.ts'

interface DrizzleSession {
  execute(query: string): PromiseLike<unknown>
}

/** The part of a drizzle-orm database for Postgres that is used here: 0.45 and 1.0, whatever its driver. */
interface DrizzleDatabase extends DrizzleSession {
  transaction<T>(
    use: (session: DrizzleSession) => Promise<T>,
    options: { readonly isolationLevel: 'read committed'; readonly accessMode: 'read only' },
  ): Promise<T>
}

/**
 * Asks over the drizzle-orm database that the application has. With node-postgres' pool and with postgres.js a run has a
 * connection that is cut off when its time is over; with neon-http each query is a request; any other driver is asked by
 * drizzle's own `execute` and `transaction`, and an answer that comes too late is dropped.
 *
 * @example
 * const db = { execute: async () => [], transaction: async () => { throw new Error('not here') } }
 * const check = databaseCheck({ name: 'billing-database', postgres: fromDrizzle(db) })
 */
export function fromDrizzle(db: DrizzleDatabase): OpenPostgres {
  const client = clientOf(db)
  if (isPgPool(client)) return fromPg(client)
  if (isPostgresJs(client)) return fromPostgresJs(client)
  if (isNeonHttp(client)) return fromNeonHttp(client)
  return (signal) => ({
    query: (statement) => inTime(signal, async () => rowsOf(await db.execute(inlineValues(statement)))),
    readOnlyBatch: (statements) =>
      inTime(signal, () =>
        db.transaction(
          async (session) => {
            const answers: Row[][] = []
            for (const statement of statements)
              answers.push(rowsOf(await session.execute(inlineValues(statement))))
            return answers
          },
          { isolationLevel: 'read committed', accessMode: 'read only' },
        ),
      ),
  })
}

const clientOf = (db: object): unknown => ('$client' in db ? db.$client : undefined)

/** A `pg.Client`, which has `connect` too, counts no connections. */
const isPgPool = (client: unknown): client is PgPool =>
  typeof client === 'object' && client !== null && 'totalCount' in client && 'connect' in client

const isPostgresJs = (client: unknown): client is PostgresJs =>
  typeof client === 'function' && 'reserve' in client

/** postgres.js answers the rows, node-postgres, PGlite and neon-http an object that has them. */
function rowsOf(answer: unknown): Row[] {
  const rows = isRecord(answer) ? answer['rows'] : answer
  if (!Array.isArray(rows)) throw new CheckError('wrong_answer', 'the driver answered no rows')
  return [...rows]
}
