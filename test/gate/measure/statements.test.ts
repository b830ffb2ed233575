import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type PGlite, startEmbeddedPostgres } from '../../../src/compile/replay/embedded-postgres.ts'
import { expectedOf, observe } from './observe.ts'
import { setUp, statements } from './statements.ts'

let database: PGlite
beforeAll(async () => {
  database = await startEmbeddedPostgres([])
  await database.exec(setUp)
})
afterAll(() => database?.close())

describe('on empty tables in the embedded Postgres', () => {
  it('has every kind of statement', () => {
    expect(Object.keys(statements).length).toBeGreaterThan(130)
  })

  it.each(Object.entries(statements))('%s', async (_, statement) => {
    const { scan, ...found } = await observe(database, statement)
    const { scan: expectedScan, ...expected } = expectedOf(statement)
    expect(found).toEqual(expected)
    if (expected.rows.length === 0) expect(scan).toEqual(expectedScan)
  })
})
