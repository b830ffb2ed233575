import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { drizzle } from 'drizzle-orm/node-postgres'
import { migrate } from 'drizzle-orm/node-postgres/migrator'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ExpectedSchema } from '../../src/checks/migrations/expected-schema.ts'
import { compileExpectedSchema } from '../../src/compile/compile.ts'
import type { CompileOptions } from '../../src/compile/options.ts'
import { readWholeCatalog, type WholeCatalog } from '../../src/compile/whole-catalog.ts'
import { type PostgresServer, startPostgres } from '../servers/postgres.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const migrationsFolder = join(root, 'example/drizzle')
const folder = mkdtempSync(join(tmpdir(), 'health-example-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

async function compile(options: CompileOptions): Promise<ExpectedSchema> {
  const { output } = await compileExpectedSchema({
    workingDirectory: root,
    config: 'example/drizzle.config.ts',
    output: join(folder, `${options.ledger ?? 'default'}.json`),
    ...options,
  })
  return JSON.parse(readFileSync(output, 'utf8'))
}

/** Migrates a new database with Drizzle's own migrator. @returns the digests of what it then has */
async function digestsOfMigrated(
  server: PostgresServer,
  name: string,
  expected: ExpectedSchema,
): Promise<WholeCatalog> {
  const client = new pg.Client({ connectionString: await server.createDatabase(name) })
  await client.connect()
  try {
    const { schema: migrationsSchema, table: migrationsTable } = expected.ledger
    await migrate(drizzle(client), { migrationsFolder, migrationsSchema, migrationsTable })
    return await readWholeCatalog(async (statements) => {
      const answers = []
      await client.query('begin')
      for (const { text, values = [] } of statements)
        answers.push((await client.query(text, [...values])).rows)
      await client.query('commit')
      return answers
    }, expected)
  } finally {
    await client.end()
  }
}

describe.each([15, 16, 17, 18] as const)('Postgres %i', (version) => {
  let server: PostgresServer
  beforeAll(async () => {
    server = await startPostgres({ version })
  })
  afterAll(() => server.close())

  it.each([
    ['in its own schema', undefined],
    ['among the tables', 'public.applied'],
  ])("has the expected schema after Drizzle's own migrator, with the ledger %s", async (_, ledger) => {
    const expected = await compile({ ledger })
    const { digest, digestWithoutQueries } = await digestsOfMigrated(server, ledger ?? 'example', expected)
    expect(expected.digests).toContain(version >= 16 ? digest : digestWithoutQueries)
  })
})
