import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type PostgresServer, type PostgresVersion, startPostgres } from '../../servers/postgres.ts'
import { expectedOf, observe } from './observe.ts'
import { rows, setUp, statements } from './statements.ts'

const versions: readonly PostgresVersion[] = [15, 16, 17, 18]

describe.each(versions)('with rows on Postgres %i', (version) => {
  let server: PostgresServer
  let client: pg.Client
  beforeAll(async () => {
    server = await startPostgres({ version })
    await server.query(setUp + rows)
    client = new pg.Client(server.url())
    await client.connect()
  })
  afterAll(async () => {
    await client?.end()
    await server?.close()
  })
  const database = {
    exec: (sql: string) => client.query(sql),
    query: async (sql: string) => ({ rows: (await client.query(sql)).rows }),
  }
  const known = Object.entries(statements).filter(([, { from = 0 }]) => version >= from)

  it.each(known)('%s', async (_, statement) => {
    if (statement.onlyEmpty) {
      await expect(observe(database, statement)).rejects.toMatchObject({ code: '23502' })
      return
    }
    const { scan, ...found } = await observe(database, statement)
    const { scan: expectedScan, ...expected } = expectedOf(statement, version)
    expect(found).toEqual(expected)
    if (expected.rows.length === 0) expect(scan).toEqual(expectedScan)
  })
})
