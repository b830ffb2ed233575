import type { Scope } from '../../checks/migrations/expected-schema.ts'
import type { Row } from '../../clients/postgres.ts'
import { readWholeCatalog, type WholeCatalog } from '../whole-catalog.ts'
import type { PGlite } from './embedded-postgres.ts'

/** Asks the embedded Postgres what the function will ask the live one. */
export function askCatalog(database: PGlite, scope: Scope): Promise<WholeCatalog> {
  return readWholeCatalog(
    (statements) =>
      database.transaction(async (transaction) => {
        const answers: Row[][] = []
        for (const { text, values = [] } of statements) {
          answers.push((await transaction.query<Row>(text, [...values])).rows)
        }
        return answers
      }),
    scope,
  )
}
