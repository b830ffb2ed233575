import { createHash } from 'node:crypto'
import { journalFiles, temporaryFolder } from '../compile/folders.ts'
import type { PostgresServer } from '../servers/postgres.ts'

/** Tags to SQL, in order. */
export type Files = Readonly<Record<string, string>>

/** Both layouts of Drizzle, with the same migrations. */
export const layouts = ['0.31', '1.0'] as const
export type Layout = (typeof layouts)[number]

const dayOf = (index: number) => `202601${String(index + 1).padStart(2, '0')}000000`

/** A folder of migrations. */
export function migrationsFolder(files: Files, layout: Layout = '0.31'): string {
  if (layout === '0.31') return temporaryFolder(journalFiles(files))
  return temporaryFolder(
    Object.fromEntries(
      Object.entries(files).map(([tag, sql], index) => [`${dayOf(index)}_${tag}/migration.sql`, sql]),
    ),
  )
}

/** Makes a database that has the first of the files, with Drizzle's ledger of them. */
export async function migrated(
  server: PostgresServer,
  database: string,
  files: Files,
  count: number,
  layout: Layout = '0.31',
): Promise<string> {
  const url = await server.createDatabase(database)
  const more = layout === '1.0' ? ', name text, applied_at timestamptz default now()' : ''
  await server.query(
    `create schema drizzle; create table drizzle.__drizzle_migrations (id serial primary key, hash text not null, created_at bigint${more})`,
    database,
  )
  for (const [index, [tag, sql]] of Object.entries(files).slice(0, count).entries()) {
    await server.query(sql, database)
    await server.query(ledgerRow(index, tag, sql, layout), database)
  }
  return url
}

function ledgerRow(index: number, tag: string, sql: string, layout: Layout): string {
  const hash = createHash('sha256').update(sql).digest('hex')
  if (layout === '0.31') {
    return `insert into drizzle.__drizzle_migrations (hash, created_at) values ('${hash}', ${1_700_000_000_000 + index * 60_000})`
  }
  return `insert into drizzle.__drizzle_migrations (hash, created_at, name)
    values ('${hash}', ${Date.UTC(2026, 0, index + 1)}, '${dayOf(index)}_${tag}')`
}

/** One statement for each part. */
export const parts = (...statements: readonly string[]): string =>
  statements.join(';\n--> statement-breakpoint\n')
