/** An application with one migration, and a database that has it. */
import { createHash } from 'node:crypto'
import pg from 'pg'

const migration = 'create table tickets (id integer primary key);'
const when = 1_764_000_000_000

/** As `drizzle-kit migrate` does, which also writes the row. */
export async function migrate(connectionString: string): Promise<void> {
  const client = new pg.Client({ connectionString })
  await client.connect()
  const hash = createHash('sha256').update(migration).digest('hex')
  await client.query(`${migration} create schema drizzle;
    create table drizzle.__drizzle_migrations (id serial primary key, hash text not null, created_at bigint);
    insert into drizzle.__drizzle_migrations (hash, created_at) values ('${hash}', ${when})`)
  await client.end()
}

const journal = {
  version: '7',
  dialect: 'postgresql',
  entries: [{ idx: 0, version: '7', when, tag: '0000_first', breakpoints: true }],
}

/** What drizzle-kit 0.31 has in its folder: path to content. */
export const drizzleFiles: Readonly<Record<string, string>> = {
  'drizzle.config.ts': "export default { dialect: 'postgresql', out: './drizzle' }\n",
  'drizzle/0000_first.sql': migration,
  'drizzle/meta/_journal.json': JSON.stringify(journal),
}
