import { defineConfig } from 'drizzle-kit'

/** Run drizzle-kit in this directory: it resolves both paths from where it is started. */
export default defineConfig({
  dialect: 'postgresql',
  schema: './schema',
  out: './drizzle',
  migrations: { schema: 'drizzle', table: '__drizzle_migrations' },
})
