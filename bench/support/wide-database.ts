import pg from 'pg'
import type { ExpectedSchema, Scope } from '../../src/checks/migrations/expected-schema.ts'
import type { Row, Statement } from '../../src/clients/postgres.ts'
import { expectedCatalog, readWholeCatalog } from '../../src/compile/whole-catalog.ts'
import { ledgerSql, migrationOf } from '../../test/checks/migrations/replay.ts'
import type { PostgresServer } from '../../test/servers/postgres.ts'

export const wideScope: Scope = { schemas: ['public'], partitions: false, extensions: [], optionalKinds: [] }
const files = Array.from({ length: 100 }, (_, i) => `-- migration ${i}`)

/** Makes a database of many tables, `table_0` and so on, with a ledger of 100 migrations. Returns what is expected of it. */
export async function createWideDatabase(
  server: PostgresServer,
  database: string,
  tables: number,
): Promise<ExpectedSchema> {
  await server.createDatabase(database)
  await server.query(tablesSql(tables), database)
  await server.query(ledgerSql(files), database)
  await server.query('vacuum analyze', database)
  return makeExpected(server, database)
}

function tablesSql(count: number): string {
  const tables = Array.from({ length: count }, (_, i) => {
    const other = Math.max(0, i - 1)
    return `create table table_${i} (id integer generated always as identity primary key, name varchar(80) default 'none' not null,
      state text default 'open' constraint state_${i} check (state in ('open', 'paid', 'void')), total numeric(10, 2) not null,
      other integer constraint other_${i} references table_${other} (id), code text constraint code_${i} unique,
      at timestamptz default now() not null, entry jsonb);
      create index name_${i} on table_${i} (lower(name)); create index at_${i} on table_${i} (at desc) where state <> 'void';`
  })
  return tables.join('\n')
}

async function makeExpected(server: PostgresServer, database: string): Promise<ExpectedSchema> {
  const client = new pg.Client(server.url(database))
  await client.connect()
  const batch = async (statements: readonly Statement[]) => {
    await client.query('begin')
    const answers: Row[][] = []
    for (const { text, values = [] } of statements) answers.push((await client.query(text, [...values])).rows)
    await client.query('rollback')
    return answers
  }
  const catalog = await readWholeCatalog(batch, wideScope)
  await client.end()
  return {
    ...wideScope,
    ...expectedCatalog(catalog),
    serverVersion: 170000,
    ledger: { schema: 'drizzle', table: '__drizzle_migrations' },
    layout: '0.31',
    migrations: files.map(migrationOf),
    models: { state: 'in_line' },
  }
}
