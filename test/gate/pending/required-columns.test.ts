/** A new column that is NOT NULL and has nothing to be filled with: refused as soon as the table has a row. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type PGlite, startEmbeddedPostgres } from '../../../src/compile/replay/embedded-postgres.ts'
import { runScenario, said } from '../scenario.ts'

let database: PGlite
beforeAll(async () => {
  database = await startEmbeddedPostgres([])
})
afterAll(() => database?.close())

const before = `create table t (id integer primary key);
  create domain given as text not null; create domain filled as text not null default 'x'; create domain kept as text default 'x'`
const sizes = { 'public.t': { rows: 10, heapBytes: 8192 } }

const found = async (statement: string) =>
  said((await runScenario(database, { before, sizes, pending: { one: statement } })).findings)

it.each([
  'alter table t add x integer not null',
  'alter table t add /* why */ column -- and how\n x integer not null',
  'alter table t add column/**/"x" integer not null',
  'alter table t add column if /* not there */ not exists x integer not null',
  'do $$ begin alter table t add -- why\n x integer not null; end $$',
  'alter table t add x given',
])('%j', async (statement) => {
  expect(await found(statement)).toEqual([
    'fail fails public.t.x #1',
    'fail breaks_running_release public.t.x',
  ])
})

it('in a name with a quote', async () => {
  expect(await found('alter table t add "a""b" integer not null')).toContain('fail fails public.t.a"b #1')
})

it.each([
  'alter table t add x integer',
  `alter table t add x integer not null default 1 check (x > 0)`,
  'alter table t add x filled',
  'alter table t add x kept not null',
])('not where an insert may leave it out: %s', async (statement) => {
  expect(await found(statement)).toEqual([])
})
