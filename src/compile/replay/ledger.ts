import type { Migration } from '../migrations/migration.ts'
import type { Layout } from '../migrations/read-migrations.ts'
import type { Database } from './database.ts'
import { quoteIdentifier } from './quote-identifier.ts'

/** Where Drizzle keeps what it has applied. */
export interface LedgerTable {
  readonly schema: string
  readonly table: string
}

/** What drizzle-orm and drizzle-kit use when nothing else is configured. */
export const defaultLedger: LedgerTable = { schema: 'drizzle', table: '__drizzle_migrations' }

function ledgerName({ schema, table }: LedgerTable): string {
  return `${quoteIdentifier(schema)}.${quoteIdentifier(table)}`
}

/** The ledger as drizzle-orm makes it: 0.45 in pg-core/dialect.ts (migrate), 1.0 adds `name` and `applied_at`. */
export async function createLedger(database: Database, ledger: LedgerTable, layout: Layout): Promise<void> {
  const more = layout === 'folders' ? ', name text, applied_at timestamp with time zone default now()' : ''
  await database.exec(`
    create schema if not exists ${quoteIdentifier(ledger.schema)};
    create table if not exists ${ledgerName(ledger)} (id serial primary key, hash text not null, created_at bigint${more})`)
}

/** What Drizzle would apply now. 0.45: what is newer than the newest row. 1.0: what no row names. */
export async function pendingMigrations(
  database: Database,
  migrations: readonly Migration[],
  ledger: LedgerTable,
  layout: Layout,
): Promise<Migration[]> {
  if (layout === 'folders') {
    const { rows } = await database.query(`select name from ${ledgerName(ledger)}`)
    const applied = new Set(rows.map((row) => row['name']))
    return migrations.filter((migration) => !applied.has(migration.name))
  }
  const { rows } = await database.query(`select max(created_at)::text as newest from ${ledgerName(ledger)}`)
  const newest = rows[0]?.['newest']
  return migrations.filter((migration) => typeof newest !== 'string' || migration.when > Number(newest))
}

/** Writes the row that says that the migration is applied. */
export async function recordMigration(
  database: Database,
  migration: Migration,
  ledger: LedgerTable,
): Promise<void> {
  const row = [migration.hash, migration.when]
  if (migration.name === undefined) {
    await database.query(`insert into ${ledgerName(ledger)} (hash, created_at) values ($1, $2)`, row)
    return
  }
  await database.query(`insert into ${ledgerName(ledger)} (hash, created_at, name) values ($1, $2, $3)`, [
    ...row,
    migration.name,
  ])
}
