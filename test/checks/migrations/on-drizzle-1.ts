import { execFile } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { ExpectedSchema } from '../../../src/checks/migrations/expected-schema.ts'
import { expectedLayout, expectedMigrations } from '../../../src/compile/expected-migrations.ts'
import { readMigrations } from '../../../src/compile/migrations/read-migrations.ts'
import { migrateOn1 } from '../../drizzle-1/migrate.ts'
import type { Live } from './live.ts'
import type { TestMigrations } from './replay.ts'

/** A folder of migrations that drizzle-kit 1.0 made. */
export interface FolderOn1 {
  /** What its migrator does. */
  readonly migrate: (databaseUrl: string) => Promise<void>
  /** The same expected schema, with the files as they are read from this folder. */
  readonly expect: (expected: ExpectedSchema) => ExpectedSchema
  readonly remove: () => void
}

const run = promisify(execFile)
const packages = fileURLToPath(new URL('../../drizzle-1/node_modules', import.meta.url))

/** Makes a file for SQL of one's own for each text, in order, and puts the text into it. */
export async function makeFolderOn1({ files }: TestMigrations): Promise<FolderOn1> {
  const directory = mkdtempSync(join(tmpdir(), 'health-drizzle-1-'))
  const folder = join(directory, 'drizzle')
  writeFileSync(join(directory, 'package.json'), '{"type":"module"}')
  writeFileSync(join(directory, 'schema.ts'), '')
  symlinkSync(packages, join(directory, 'node_modules'))
  for (const [index, text] of files.entries()) {
    const name = `${index}_file`
    const words = ['generate', '--custom', `--name=${name}`, '--dialect=postgresql']
    await run(
      process.execPath,
      [join(packages, 'drizzle-kit/bin.cjs'), ...words, '--schema=schema.ts', '--out=drizzle'],
      { cwd: directory },
    )
    const made = readdirSync(folder).find((entry) => entry.endsWith(`_${name}`))
    if (made === undefined) throw new Error(`drizzle-kit made no folder for ${name}`)
    writeFileSync(join(folder, made, 'migration.sql'), text)
  }
  const set = readMigrations(folder)
  return {
    migrate: (databaseUrl) => migrateOn1(databaseUrl, folder),
    expect: (expected) => ({
      ...expected,
      layout: expectedLayout(set),
      migrations: expectedMigrations(set.migrations),
    }),
    remove: () => rmSync(directory, { recursive: true, force: true }),
  }
}

/** SQL that makes the migrations table of a database anew in another one. */
export async function ledgerOf(live: Live, database: string): Promise<string> {
  const [row] = await live.sql(
    database,
    `select string_agg(format('insert into drizzle.__drizzle_migrations (hash, created_at, name) values (%L, %L, %L)', hash, created_at, name), '; ' order by id) as rows
    from drizzle.__drizzle_migrations`,
  )
  return `create schema drizzle;
    create table drizzle.__drizzle_migrations (id serial primary key, hash text not null, created_at bigint, name text, applied_at timestamptz default now());
    ${row?.['rows']}`
}
