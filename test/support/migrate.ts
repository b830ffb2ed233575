import { drizzle } from 'drizzle-orm/node-postgres'
import { migrate } from 'drizzle-orm/node-postgres/migrator'
import pg from 'pg'

/** Applies the example's migrations as an application does: with Drizzle's own migrator. */
export async function migrateExample(databaseUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  try {
    await migrate(drizzle(client), { migrationsFolder: 'example/drizzle' })
  } finally {
    await client.end()
  }
}
