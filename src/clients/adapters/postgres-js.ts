import type { OpenPostgres, Row } from '../interfaces.ts'
import { postgresOverSessions } from '../postgres-sessions.ts'
import { inlineValues } from './inline-values.ts'
import { takenInTime } from './pg.ts'

/** The part of postgres.js that is used here (https://github.com/porsager/postgres#reserving-connections). */
export interface PostgresJs {
  reserve(): Promise<{
    unsafe(text: string): PromiseLike<readonly Row[]>
    release(): void
  }>
}

/**
 * Asks over the connections of postgres.js that the application has. A run reserves one of them, and a transaction that was
 * not ended is rolled back before it is given back.
 *
 * @example
 * const sql = { reserve: async () => ({ unsafe: async () => [], release() {} }) }
 * const check = databaseCheck({ name: 'billing-database', postgres: fromPostgresJs(sql) })
 */
export function fromPostgresJs(sql: PostgresJs): OpenPostgres {
  return postgresOverSessions(async (signal) => {
    const reserved = await takenInTime(sql.reserve(), signal, (late) => late.release())
    const release = () => reserved.release()
    return {
      // Values as parameters would be serialised by their types once more, JSON among them.
      execute: async (statement) => [...(await reserved.unsafe(inlineValues(statement)))],
      close(isBroken) {
        if (isBroken) reserved.unsafe('rollback').then(release, release)
        else release()
      },
    }
  })
}
