import { execFileSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import pg from 'pg'

/** Runs the project's own drizzle-kit. */
export function kit(project: string, command: 'generate' | 'up'): void {
  const bin = join(project, 'node_modules/drizzle-kit/bin.cjs')
  execFileSync(process.execPath, [bin, command], { cwd: project, stdio: 'pipe' })
}

/** Applies the folder `drizzle` of a project with the migrator of its own drizzle-orm. */
export async function migrateProject(project: string, connectionString: string): Promise<void> {
  const require = createRequire(join(project, 'schema.ts'))
  const { drizzle } = require('drizzle-orm/node-postgres')
  const migrator = require('drizzle-orm/node-postgres/migrator')
  const client = new pg.Client({ connectionString })
  await client.connect()
  try {
    // 0.45 takes the client itself, 1.0 takes it by name.
    const isOld = require.resolve('drizzle-orm').includes('drizzle-1') === false
    await migrator.migrate(isOld ? drizzle(client) : drizzle({ client }), {
      migrationsFolder: join(project, 'drizzle'),
    })
  } finally {
    await client.end()
  }
}
