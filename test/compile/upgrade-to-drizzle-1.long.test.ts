import { appendFileSync, cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { ExpectedSchema } from '../../src/checks/migrations/expected-schema.ts'
import { compileExpectedSchema } from '../../src/compile/compile.ts'
import { type Live, startLive } from '../checks/migrations/live.ts'
import { temporaryProject, temporaryProjectOn1 } from './folders.ts'
import { kit, migrateProject } from './migrate-project.ts'

let live: Live
beforeAll(async () => {
  live = await startLive()
})
afterAll(() => live.close())

const config = `export default { dialect: 'postgresql', schema: './schema.ts', out: './drizzle' }`
const schema = (columns = '') => `import { integer, pgTable, text } from 'drizzle-orm/pg-core'
export const members = pgTable('members', { id: integer('id').primaryKey(), note: text('note'), ${columns} })`

const migrate = (project: string, database: string) => migrateProject(project, live.server.url(database))

async function compile(project: string): Promise<ExpectedSchema> {
  const { output, warnings } = await compileExpectedSchema({ workingDirectory: project })
  expect(warnings).toEqual([])
  return JSON.parse(readFileSync(output, 'utf8'))
}

/**
 * A minute ago, some seconds apart and not at a whole second: the folders of 1.0 are named by the second, so two of one second
 * are in the order of their names.
 */
function setTimes(project: string): void {
  const file = join(project, 'drizzle/meta/_journal.json')
  const journal = JSON.parse(readFileSync(file, 'utf8'))
  const minuteAgo = Math.floor(Date.now() / 1000) * 1000 - 60_000
  for (const entry of journal.entries) entry.when = minuteAgo + 5000 * entry.idx + 123
  writeFileSync(file, JSON.stringify(journal))
}

const green = { status: 'pass', code: 'ok' }
const quiet = { migrations: 2, ledger: { table: 'drizzle.__drizzle_migrations' } }

it('gets the right answer in each state of the upgrade to Drizzle 1.0', { timeout: 240_000 }, async () => {
  const old = temporaryProject({ 'drizzle.config.ts': config, 'schema.ts': schema() })
  kit(old, 'generate')
  writeFileSync(join(old, 'schema.ts'), schema(`phone: text('phone')`))
  kit(old, 'generate')
  setTimes(old)
  await live.server.createDatabase('app')
  await migrate(old, 'app')
  const before = await compile(old)
  expect(before).toMatchObject({ layout: '0.31', models: { state: 'in_line' } })
  expect(await live.ask('app', before)).toEqual({ ...green, output: expect.any(String), details: quiet })

  // The folder is converted, the database is not.
  const project = temporaryProjectOn1({ 'drizzle.config.ts': config })
  for (const name of ['schema.ts', 'drizzle'])
    cpSync(join(old, name), join(project, name), { recursive: true })
  kit(project, 'up')
  const converted = await compile(project)
  expect(converted).toMatchObject({ layout: '1.0', models: { state: 'in_line' } })
  expect(await live.ask('app', converted)).toEqual({ ...green, output: expect.any(String), details: quiet })

  // A file was edited since: the schema is as it was.
  const [first = ''] = readdirSync(join(project, 'drizzle'))
  const file = join(project, 'drizzle', first, 'migration.sql')
  const written = readFileSync(file, 'utf8')
  appendFileSync(file, '\n-- edited')
  const edited = await compile(project)
  expect(await live.ask('app', edited)).toMatchObject({
    status: 'warn',
    code: 'edited',
    details: { ledger: { edited: [first] } },
  })

  // A new migration: its migrator upgrades the table, and keeps the times of the old rows.
  writeFileSync(join(project, 'schema.ts'), schema(`phone: text('phone'), city: text('city')`))
  kit(project, 'generate')
  const newer = await compile(project)
  expect(await live.ask('app', newer)).toMatchObject({
    status: 'fail',
    code: 'pending',
    details: { ledger: { pending: [expect.stringMatching(/^\d{14}_/)] } },
  })
  await migrate(project, 'app')
  expect(
    await live.sql(
      'app',
      'select name, created_at % 1000 as ms from drizzle.__drizzle_migrations order by id',
    ),
  ).toEqual([
    { name: first, ms: expect.stringMatching(/^[1-9]/) },
    { name: expect.any(String), ms: expect.stringMatching(/^[1-9]/) },
    { name: expect.any(String), ms: '0' },
  ])
  expect(await live.ask('app', newer)).toMatchObject({ status: 'warn', code: 'edited' })
  writeFileSync(file, written)
  const last = await compile(project)
  expect(await live.ask('app', last)).toEqual({
    ...green,
    output: expect.any(String),
    details: { ...quiet, migrations: 3 },
  })

  // The function of before the upgrade knows that the application is ahead of it.
  expect(await live.ask('app', before)).toMatchObject({ status: 'warn', code: 'database_ahead' })

  // A conversion that stopped half way is refused by name.
  const half = temporaryProject({ 'drizzle.config.ts': config, 'schema.ts': schema() })
  cpSync(join(old, 'drizzle'), join(half, 'drizzle'), { recursive: true })
  cpSync(join(project, 'drizzle', first), join(half, 'drizzle', first), { recursive: true })
  rmSync(
    join(
      half,
      'drizzle',
      String(readdirSync(join(half, 'drizzle')).find((name) => /^0000.*sql$/.test(name))),
    ),
  )
  await expect(compile(half)).rejects.toThrow(`which is already the folder ${first}. Restore`)
})
