import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type PGlite, startEmbeddedPostgres } from '../../../src/compile/replay/embedded-postgres.ts'
import { parts } from '../project.ts'
import { runScenario, said } from '../scenario.ts'

let database: PGlite
beforeAll(async () => {
  database = await startEmbeddedPostgres([])
})
afterAll(() => database?.close())

const before = 'create table t (id integer primary key, a integer)'

describe('a statement for outside of a transaction that Postgres refuses there too', () => {
  it.each([
    ['create index concurrently i on missing (a)', 'relation "missing" does not exist'],
    ['create index concurrently i on t (missing)', 'column "missing" does not exist'],
    ['create index concurrently t_pkey on t (a)', 'relation "t_pkey" already exists'],
    ['drop index concurrently missing', 'index "missing" does not exist'],
  ])('%s', async (statement, reason) => {
    const pending = { one: parts(statement, 'alter table t add b text') }
    const alone = await runScenario(database, { before, pending, driver: 'neon-http' })
    expect(said(alone.findings)).toEqual(['fail fails one #1', 'warn not_measured one #2'])
    expect(alone.findings[0]?.message).toBe(`fails: ${reason}`)
    const together = await runScenario(database, { before, pending })
    expect(said(together.findings)).toEqual([
      'fail not_in_transaction one #1',
      'fail fails one #1',
      'warn not_measured one #2',
    ])
  })
})
