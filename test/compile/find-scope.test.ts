import { expect, it } from 'vitest'
import { findScope } from '../../src/compile/find-scope.ts'
import { readMigrations } from '../../src/compile/migrations/read-migrations.ts'
import type { CompileOptions } from '../../src/compile/options.ts'
import { findSources } from '../../src/compile/project/sources.ts'
import { replayMigrations } from '../../src/compile/replay/replay.ts'
import { below, journalFiles, temporaryFolder } from './folders.ts'

async function scopeOf(sql: string, config: object = {}, more: CompileOptions = {}) {
  const workingDirectory = temporaryFolder({
    'drizzle.config.json': JSON.stringify(config),
    ...below('drizzle', journalFiles({ '0000_a': sql })),
  })
  const options = { workingDirectory, ...more }
  const sources = await findSources(options)
  const replayed = await replayMigrations(readMigrations(sources.migrations), [], { ledger: sources.ledger })
  try {
    return await findScope(options, sources, replayed)
  } finally {
    await replayed.database.close()
  }
}

const billing = 'create schema billing; create table billing.invoices (id int)'

it('is public and what the migrations make, when nothing is named', async () => {
  expect(await scopeOf(billing)).toMatchObject({ scope: { schemas: ['public', 'billing'] }, warnings: [] })
})

it.each([
  [['*'], ['public', 'billing']],
  [['bill*'], ['billing']],
  [['*', '!public'], ['billing']],
  ['billing', ['billing']],
])('is what the patterns of a `schemaFilter` mean: %j', async (schemaFilter, schemas) => {
  expect(await scopeOf(billing, { schemaFilter })).toMatchObject({ scope: { schemas } })
})

it('tells of a schema that the migrations make and a `schemaFilter` leaves out', async () => {
  expect(await scopeOf(billing, { schemaFilter: ['public'] })).toMatchObject({
    scope: { schemas: ['public'] },
    warnings: [
      'The schema billing is not compared: the migrations make it, and the `schemaFilter` of the drizzle.config leaves it out.',
    ],
  })
})

it('tells of public too, when there is more in it than the ledger and an extension', async () => {
  const config = { migrations: { schema: 'public' } }
  const only = { schemas: ['billing'] }
  expect(await scopeOf(`${billing}; create extension citext`, config, only)).toMatchObject({ warnings: [] })
  expect(await scopeOf(`${billing}; create type kind as enum ('a')`, config, only)).toMatchObject({
    warnings: ['The schema public is not compared: the migrations make it, and --schemas leaves it out.'],
  })
})

it.each<[string, object, CompileOptions]>([
  ['--schemas', {}, { schemas: ['public', 'pubilc'] }],
  ['the `schemaFilter` of the drizzle.config', { schemaFilter: 'pubilc' }, {}],
])('refuses a schema that nothing made, which %s names', async (source, config, options) => {
  await expect(scopeOf(billing, config, options)).rejects.toThrow(
    `There is no schema pubilc after the migrations, which ${source} names: name those to compare with --schemas NAMES`,
  )
})

it('says whether a policy is for the role that runs the migrations', async () => {
  const table = 'create table t (owner text); create policy p on t for all'
  for (const [sql, ownerPolicies] of [
    [`${table} to current_user using (true)`, true],
    [`${table} to pg_monitor, SESSION_USER with check (owner = 'x')`, true],
    // Postgres ignores roles beside PUBLIC.
    [`${table} to public, SESSION_USER with check (owner = 'x')`, undefined],
    [`${table} using (true); alter policy p on t to current_role`, true],
    [`${table} to public using (owner = current_user)`, undefined],
    // It is meant where nothing else is written.
    [`${table} to postgres using (true)`, undefined],
    [`${table} to postgres using (true); create policy q on t to current_user using (true)`, true],
    [
      `create table t (); do $$ begin execute 'create policy p on t to ' || (select tableowner from pg_tables where tablename = 't'); end $$`,
      true,
    ],
  ] as const)
    expect((await scopeOf(sql)).scope.ownerPolicies).toBe(ownerPolicies)
})
