import { readFileSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { ExpectedSchema } from '../../src/checks/migrations/expected-schema.ts'
import { compileExpectedSchema } from '../../src/compile/compile.ts'
import { hashOf } from '../../src/compile/migrations/migration.ts'
import { type Live, startLive } from '../checks/migrations/live.ts'
import { migrateOn1 } from '../drizzle-1/migrate.ts'
import { temporaryFolder } from './folders.ts'

let live: Live
beforeAll(async () => {
  live = await startLive()
})
afterAll(() => live.close())

const files = {
  '20260101000000_start': 'create table members (id integer primary key)',
  '20260102000000_note': 'alter table members add note text',
}
const [startName, noteName] = Object.keys(files) as [string, string]
const [start, note] = Object.values(files) as [string, string]
const project = () =>
  temporaryFolder(
    Object.fromEntries(Object.entries(files).map(([name, sql]) => [`drizzle/${name}/migration.sql`, sql])),
  )

async function compile(directory: string): Promise<ExpectedSchema> {
  const { output } = await compileExpectedSchema({ workingDirectory: directory, migrations: 'drizzle' })
  return JSON.parse(readFileSync(output, 'utf8'))
}

/** As 0.31 left it: a row for each text, with milliseconds. */
async function migratedBy31(database: string, ...texts: readonly (readonly [sql: string, time: string])[]) {
  await live.server.createDatabase(database)
  await live.sql(
    database,
    'create schema drizzle; create table drizzle.__drizzle_migrations (id serial primary key, hash text not null, created_at bigint)',
  )
  for (const [sql, time] of texts) {
    await live.sql(database, sql)
    await live.sql(
      database,
      `insert into drizzle.__drizzle_migrations (hash, created_at) values ('${hashOf(sql)}', ${Date.parse(time) + 7})`,
    )
  }
}

const stops = /^Drizzle 1\.0 will stop before it runs anything: .* 1 row has none\. Bring back the files/

it('a row of no file stops the upgrade of the table by Drizzle 1.0, and the answer says so', async () => {
  const directory = project()
  const expected = await compile(directory)
  const gone: [string, string] = ['select 1', '2025-12-01T00:00:00Z']
  await migratedBy31('stops', gone, [start, '2026-01-01T00:00:00Z'], [note, '2026-01-02T00:00:00Z'])
  const migrate = () => migrateOn1(live.server.url('stops'), join(directory, 'drizzle'))
  await expect(migrate()).rejects.toThrow(
    /we found 1 migrations \(ids: 1\) in the database that do not match/,
  )
  expect(await live.ask('stops', expected)).toMatchObject({
    status: 'warn',
    code: 'unknown_migration',
    details: {
      next: expect.stringMatching(stops),
      ledger: {
        unknown_migration: ['2025-12-01T00:00:00.007Z'],
        next_migrate: expect.stringMatching(stops),
      },
    },
  })
  // The advice.
  await live.sql('stops', 'delete from drizzle.__drizzle_migrations where id = 1')
  const after = await live.ask('stops', expected)
  expect(after).toMatchObject({ status: 'pass', code: 'ok' })
  expect(after.details?.['ledger']).not.toHaveProperty('next_migrate')
  await migrate()
  expect(await live.ask('stops', expected)).toMatchObject({ status: 'pass', code: 'ok' })
})

it('in a table that it has upgraded, a row of no file is nothing to it', async () => {
  const directory = project()
  await live.server.createDatabase('upgraded')
  const migrate = () => migrateOn1(live.server.url('upgraded'), join(directory, 'drizzle'))
  await migrate()
  await live.sql(
    'upgraded',
    `insert into drizzle.__drizzle_migrations (hash, created_at, name) values ('x', 1700000000000, '20231114000000_gone')`,
  )
  await migrate()
  const outcome = await live.ask('upgraded', await compile(directory))
  expect(outcome).toMatchObject({
    code: 'unknown_migration',
    details: {
      next: expect.stringMatching(/^Nothing is broken/),
      ledger: { unknown_migration: ['20231114000000_gone'] },
    },
  })
  expect(outcome.details?.['ledger']).not.toHaveProperty('next_migrate')
})

it('what an older version ran after the upgrade is run again, and the answer says so', async () => {
  const directory = project()
  const expected = await compile(directory)
  await live.server.createDatabase('again')
  const folder = join(directory, 'drizzle')
  // The table is upgraded while there is one file, and then 0.31 runs the other one.
  renameSync(join(folder, noteName), join(directory, noteName))
  await migrateOn1(live.server.url('again'), folder)
  renameSync(join(directory, noteName), join(folder, noteName))
  await live.sql(
    'again',
    `${note}; insert into drizzle.__drizzle_migrations (hash, created_at) values ('${hashOf(note)}', ${Date.UTC(2026, 0, 2)})`,
  )
  const migrate = () => migrateOn1(live.server.url('again'), folder)
  await expect(migrate()).rejects.toThrow(
    expect.objectContaining({ cause: expect.objectContaining({ code: '42701' }) }),
  )
  expect(await live.ask('again', expected)).toMatchObject({
    status: 'pass',
    details: {
      ledger: {
        runs_again: [noteName],
        next_migrate: expect.stringMatching(/^Drizzle 1\.0 will run again what has a row without a name/),
      },
    },
  })
  // The advice.
  await live.sql('again', `update drizzle.__drizzle_migrations set name = '${noteName}' where name is null`)
  await migrate()
  const after = await live.ask('again', expected)
  expect(after).toMatchObject({ status: 'pass', code: 'ok' })
  expect(after.details).toEqual({
    migrations: 2,
    models: expect.anything(),
    ledger: { table: 'drizzle.__drizzle_migrations' },
  })
  expect(await live.sql('again', 'select name from drizzle.__drizzle_migrations order by id')).toEqual([
    { name: startName },
    { name: noteName },
  ])
})
