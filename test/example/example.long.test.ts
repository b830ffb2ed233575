import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { drizzle } from 'drizzle-orm/node-postgres'
import { migrate } from 'drizzle-orm/node-postgres/migrator'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ExpectedSchema } from '../../src/checks/migrations/expected.ts'
import { askWholeCatalog } from '../../src/checks/migrations/whole-catalog.ts'
import { compileExpectedSchema } from '../../src/compile/compile.ts'
import { type PostgresServer, startPostgres } from '../servers/postgres.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'health-example-'))
let expected: ExpectedSchema

beforeAll(async () => {
  const output = join(folder, 'expected.json')
  await compileExpectedSchema({ workingDirectory: root, config: 'example/drizzle.config.ts', output })
  expected = JSON.parse(readFileSync(output, 'utf8'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe.each([15, 16, 17, 18] as const)('Postgres %i', (version) => {
  let server: PostgresServer
  beforeAll(async () => {
    server = await startPostgres({ version })
  })
  afterAll(() => server.close())

  it("has the expected schema after Drizzle's own migrator", async () => {
    const client = new pg.Client({ connectionString: await server.createDatabase('example') })
    await client.connect()
    try {
      await migrate(drizzle(client), { migrationsFolder: join(root, 'example/drizzle') })
      const { digests } = await askWholeCatalog(async (statements) => {
        const answers = []
        await client.query('begin')
        for (const { text, values = [] } of statements)
          answers.push((await client.query(text, [...values])).rows)
        await client.query('commit')
        return answers
      }, expected)
      expect(expected.digests).toContain(version >= 16 ? digests.digest : digests.digestWithoutQueries)
    } finally {
      await client.end()
    }
  })
})
