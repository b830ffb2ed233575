/**
 * Rows in the table of applied migrations that no file explains, on a real Postgres, by real kits and migrators: folders
 * that were squashed, and services that share the table. Nothing is broken: it warns, and no advice can destroy anything.
 */
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { ExpectedSchema } from '../../src/checks/migrations/expected-schema.ts'
import { type Live, startLive } from '../checks/migrations/live.ts'
import { compileFolder } from './compile-folder.ts'
import { below, temporaryFolder, temporaryProject } from './folders.ts'
import { kit, migrateProject } from './migrate-project.ts'

let live: Live
beforeAll(async () => {
  live = await startLive()
})
afterAll(() => live.close())

let databases = 0
async function createDatabase(): Promise<string> {
  const name = `foreign_rows_${databases++}`
  await live.server.createDatabase(name)
  return name
}

const migrate = (project: string, database: string) => migrateProject(project, live.server.url(database))

/** Asks, and looks at what is advised. */
async function ask(database: string, expected: ExpectedSchema) {
  const outcome = await live.ask(database, expected)
  expect(JSON.stringify(outcome)).not.toMatch(/\b(?:undo|drop|truncate|delete)\b/i)
  return outcome
}

const config = `export default { dialect: 'postgresql', schema: './schema.ts', out: './drizzle' }`
const table = (name: string, columns = '') =>
  `import { integer, pgTable, text } from 'drizzle-orm/pg-core'
export const ${name} = pgTable('${name}', { id: integer('id').primaryKey(), ${columns} })`
const compiled = async (project: string) => (await compileFolder(project, {})).expected

const journalPath = (project: string) => join(project, 'drizzle/meta/_journal.json')
const journalOf = (project: string) => JSON.parse(readFileSync(journalPath(project), 'utf8'))
const timesOf = (project: string): number[] =>
  journalOf(project).entries.map(({ when }: { when: number }) => when)

/** Three migrations of the kit, applied. */
async function startThree() {
  const project = temporaryProject({ 'drizzle.config.ts': config, 'schema.ts': table('members') })
  for (const columns of ['', `note: text('note')`, `note: text('note'), phone: text('phone')`]) {
    writeFileSync(join(project, 'schema.ts'), table('members', columns))
    kit(project, 'generate')
  }
  const database = await createDatabase()
  await migrate(project, database)
  return { project, database }
}

/** All files away, one made anew. @returns the times of the old ones */
function squash(project: string): number[] {
  const times = timesOf(project)
  rmSync(join(project, 'drizzle'), { recursive: true })
  kit(project, 'generate')
  return times
}

function setTime(project: string, when: number) {
  const journal = journalOf(project)
  Object.assign(journal.entries[0], { when })
  writeFileSync(journalPath(project), JSON.stringify(journal))
}

it.each([
  // Rows that are newer than all files are those of a newer release: a difference is named, and does not fail.
  ['first', 0, { status: 'warn', code: 'database_ahead' }],
  ['last', 2, { status: 'fail', code: 'edited' }],
])('a squashed folder with the time of its %s file warns', async (_, index, drifted) => {
  const { project, database } = await startThree()
  setTime(project, squash(project)[index] ?? 0)
  const expected = await compiled(project)
  await migrate(project, database)
  expect(await ask(database, expected)).toMatchObject({ status: 'warn', code: 'edited' })
  await live.sql(database, 'alter table members drop column phone')
  expect(await live.ask(database, expected)).toMatchObject({
    ...drifted,
    details: { findings: [{ object: 'public.members.phone', difference: 'missing' }] },
  })
})

it('a squashed folder whose row was written by hand warns, and later migrations are applied', async () => {
  const { project, database } = await startThree()
  squash(project)
  const { migrations } = await compiled(project)
  await live.sql(
    database,
    `insert into drizzle.__drizzle_migrations (hash, created_at) values ('${migrations[0]?.hash}', ${migrations[0]?.when})`,
  )
  await migrate(project, database)
  const inSync = {
    status: 'warn',
    code: 'unknown_migration',
    output: 'a migration was applied that is not among the files; the schema is in sync',
    details: { next: expect.stringContaining('Nothing is broken') },
  }
  expect(await ask(database, await compiled(project))).toMatchObject(inSync)

  const later = table('members', `note: text('note'), phone: text('phone'), city: text('city')`)
  writeFileSync(join(project, 'schema.ts'), later)
  kit(project, 'generate')
  const expected = await compiled(project)
  expect(await ask(database, expected)).toMatchObject({ status: 'fail', code: 'pending' })
  await migrate(project, database)
  expect(await ask(database, expected)).toMatchObject(inSync)

  // One way to quiet it: the rows of the files that are gone.
  await live.sql(
    database,
    `delete from drizzle.__drizzle_migrations where created_at < ${migrations[0]?.when}`,
  )
  expect(await live.ask(database, expected)).toMatchObject({ status: 'pass', code: 'ok' })
})

it('the rows of old files stay behind when a file of the first time replaces them, and another follows', async () => {
  const journal = (...tags: readonly (readonly [tag: string, when: number])[]) =>
    JSON.stringify({
      version: '7',
      dialect: 'postgresql',
      entries: tags.map(([tag, when], idx) => ({ idx, version: '7', when, tag, breakpoints: true })),
    })
  const before = {
    'meta/_journal.json': journal(
      ['0000_start', 1_750_000_000_000],
      ['0001_note', 1_750_000_100_000],
      ['0002_phone', 1_750_000_200_000],
    ),
    '0000_start.sql': 'CREATE TABLE "members" ("id" integer PRIMARY KEY NOT NULL);',
    '0001_note.sql': 'ALTER TABLE "members" ADD COLUMN "note" text;',
    '0002_phone.sql': 'ALTER TABLE "members" ADD COLUMN "phone" text;',
  }
  const squashed = {
    'meta/_journal.json': journal(['0000_baseline', 1_750_000_000_000], ['0001_city', 1_760_000_000_000]),
    '0000_baseline.sql':
      'CREATE TABLE "members" ("id" integer PRIMARY KEY NOT NULL, "note" text, "phone" text);',
    '0001_city.sql': 'ALTER TABLE "members" ADD COLUMN "city" text;',
  }
  const database = await createDatabase()
  await migrate(temporaryProject(below('drizzle', before)), database)
  const project = temporaryProject(below('drizzle', squashed))
  await migrate(project, database)
  const { expected } = await compileFolder(project)
  expect(await ask(database, expected)).toMatchObject({
    status: 'warn',
    code: 'edited',
    details: { ledger: { unknown_migration: ['2025-06-15T15:08:20.000Z', '2025-06-15T15:10:00.000Z'] } },
  })
  // A folder in which only the squashed file is left is the same.
  const only = temporaryFolder(
    below('drizzle', { ...squashed, 'meta/_journal.json': journal(['0000_baseline', 1_750_000_000_000]) }),
  )
  const { expected: baseline } = await compileFolder(only)
  await live.sql(database, 'alter table members drop column city')
  await live.sql(database, 'delete from drizzle.__drizzle_migrations where created_at > 1755000000000')
  expect(await ask(database, baseline)).toMatchObject({ status: 'warn' })
})

it('two services that share a database and its table of applied migrations warn, until one of them drifts', async () => {
  const shop = temporaryProject({ 'drizzle.config.ts': config, 'schema.ts': table('orders') })
  kit(shop, 'generate')
  // What belongs to no table, as an enum, is as much its own as a table.
  const invoices = `import { integer, pgEnum, pgTable } from 'drizzle-orm/pg-core'
export const state = pgEnum('invoice_state', ['open', 'paid'])
export const invoices = pgTable('invoices', { id: integer('id').primaryKey(), state: state() })`
  const billing = temporaryProject({ 'drizzle.config.ts': config, 'schema.ts': invoices })
  kit(billing, 'generate')
  const database = await createDatabase()
  await migrate(shop, database)
  await migrate(billing, database)
  writeFileSync(join(shop, 'schema.ts'), table('orders', `note: text('note')`))
  kit(shop, 'generate')
  await migrate(shop, database)

  for (const project of [shop, billing]) {
    expect(await ask(database, await compiled(project))).toMatchObject({
      status: 'warn',
      code: 'unknown_migration',
      output: 'a migration was applied that is not among the files; the schema has all that they make',
    })
  }
  const [orders] = timesOf(shop)
  expect(orders).toBeLessThan(timesOf(billing)[0] ?? 0)
  const ofShop = await compiled(shop)
  const ignore = ['public.invoices', 'public.invoice_state']
  expect(await ask(database, (await compileFolder(shop, { ignore, force: true })).expected)).toMatchObject({
    output: 'a migration was applied that is not among the files; the schema is in sync',
  })
  await live.sql(database, 'alter table orders drop column note')
  expect(await live.ask(database, ofShop)).toMatchObject({ status: 'fail', code: 'unknown_migration' })
  expect(await ask(database, await compiled(billing))).toMatchObject({ status: 'warn' })
})
