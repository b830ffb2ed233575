import type { OpenPostgres, Row } from '../interfaces.ts'
import { type Connect, postgresOverSessions } from '../postgres-sessions.ts'

/** The part of a `pg.Pool` that is used here (https://node-postgres.com/apis/pool). */
export interface PgPool {
  connect(): Promise<{
    query(text: string, values: unknown[]): Promise<{ readonly rows: Row[] }>
    release(destroy?: boolean): void
  }>
}

/**
 * Asks over the pool that the application has. A run takes one connection of it; one that may have something under way when
 * the run ends is destroyed, so nobody gets it again. When none is free in time, the check says `timeout`.
 *
 * @example
 * const pool = { connect: async () => ({ query: async () => ({ rows: [] }), release() {} }) }
 * const check = databaseCheck({ name: 'billing-database', postgres: fromPg(pool) })
 */
export function fromPg(pool: PgPool): OpenPostgres {
  return postgresOverSessions(connectBy(pool))
}

function connectBy(pool: PgPool): Connect {
  return async (signal) => {
    const client = await takenInTime(pool.connect(), signal, (late) => late.release())
    return {
      execute: async ({ text, values = [] }) => (await client.query(text, [...values])).rows,
      close: (isBroken) => client.release(isBroken),
    }
  }
}

/** What comes after the signal has aborted is given back. */
export function takenInTime<T>(
  taking: Promise<T>,
  signal: AbortSignal,
  giveBack: (late: T) => void,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason)
    signal.addEventListener('abort', abort, { once: true })
    taking
      .then((taken) => (signal.aborted ? giveBack(taken) : resolve(taken)), reject)
      .finally(() => signal.removeEventListener('abort', abort))
  })
}
