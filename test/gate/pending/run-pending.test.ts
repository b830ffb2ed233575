import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type PGlite, startEmbeddedPostgres } from '../../../src/compile/replay/embedded-postgres.ts'
import { parts } from '../project.ts'
import { huge, runScenario, type Scenario, said } from '../scenario.ts'

let database: PGlite
beforeAll(async () => {
  database = await startEmbeddedPostgres([])
})
afterAll(() => database?.close())

const before = `create table parent (id integer primary key, name text);
  create table t (id integer primary key, name text, parent_id integer);
  create type mood as enum ('a', 'b'); create table m (id integer, mood mood)`

async function run(scenario: Scenario) {
  const result = await runScenario(database, { before, ...scenario })
  // Nothing is passed over: each statement has its step.
  const statements = result.files.flatMap((file) => file.statements)
  expect(result.steps.map(({ statement }) => statement)).toEqual(statements)
  return { ...result, said: [...said(result.findings), ...said(result.report.findings)] }
}

describe('in one transaction', () => {
  it('tables that the same deploy makes never count', async () => {
    const { said, findings } = await run({
      pending: {
        one: parts('create table n (id integer primary key, a text)', 'create index on n (a)'),
        two: parts(
          'alter table n alter a type varchar(5)',
          `update n set a = ''`,
          'alter table n alter a set not null',
        ),
      },
    })
    expect(said).toEqual([])
    expect(findings.map(({ code, object }) => `${code} ${object}`)).toEqual(['needs_first public.n'])
  })

  it('locks add up: the index is built while the first statement still stops all reads', async () => {
    const pending = {
      one: parts(
        'alter table t add column other integer',
        'alter table t add foreign key (parent_id) references parent (id)',
        'create index on t (parent_id)',
      ),
    }
    const { findings } = await run({ pending, sizes: { 'public.t': huge } })
    expect(findings.find(({ code }) => code === 'builds_index')).toMatchObject({
      level: 'fail',
      waits: [
        { object: 'public.t', reads: true, writes: true },
        { object: 'public.parent', reads: false, writes: true },
      ],
    })
    const alone = await run({
      pending: { one: 'create index on t (parent_id)' },
      sizes: { 'public.t': huge },
    })
    // Only writes wait: one step milder.
    expect(alone.said).toEqual(['warn builds_index public.t #1'])
  })

  it('a second file waits for the first: it is the same transaction', async () => {
    const { said } = await run({
      pending: {
        one: 'alter table parent add column x text',
        two: 'alter table t alter name type varchar(9)',
      },
      sizes: { 'public.t': huge },
    })
    expect(said).toContain('fail blocks public.parent #1')
    expect(said).toContain('fail rewrites public.t #1')
  })

  it('a table that is locked after the work does not wait for it', async () => {
    const { said } = await run({
      pending: {
        one: parts('alter table t alter name type varchar(9)', 'alter table parent add column x text'),
      },
      sizes: { 'public.t': huge },
    })
    expect(said.filter((line) => line.includes('blocks'))).toEqual([])
  })

  it('CONCURRENTLY is refused, and what comes behind it is measured all the same', async () => {
    const { said, steps } = await run({
      pending: {
        one: parts('create index concurrently i on t (name)', 'alter table t alter name set not null'),
      },
      sizes: { 'public.t': huge },
    })
    expect(said).toEqual(
      expect.arrayContaining(['fail not_in_transaction one #1', 'fail reads_all public.t #2']),
    )
    expect(steps[0]?.effects).toMatchObject([{ locks: ['ShareUpdateExclusiveLock'], indexesBuilt: 1 }])
  })

  it.each(['vacuum full t', 'reindex table concurrently t', `alter system set work_mem = '8MB'`])(
    '%s is refused',
    async (statement) => {
      expect((await run({ pending: { one: statement } })).said).toContain('fail not_in_transaction one #1')
    },
  )

  it('after a COMMIT in the file the rest is outside, and what a failure leaves behind is said', async () => {
    const { said, steps } = await run({
      pending: {
        one: parts(
          'alter table parent add column x text',
          'commit',
          'create index concurrently i on t (name)',
        ),
      },
      sizes: { 'public.t': huge },
    })
    expect(said).toEqual(['warn half_applied one #2'])
    expect(new Set(steps.map(({ transaction }) => transaction)).size).toBe(2)
  })

  it('a value of an enum that is used too early fails, in a later file too', async () => {
    const { findings, said } = await run({
      pending: {
        one: `alter type mood add value 'c'`,
        two: parts(`insert into m values (1, 'c')`, 'alter table m add column x text'),
      },
    })
    expect(said).toContain('fail fails two #1')
    expect(findings.find(({ code }) => code === 'fails')?.message).toContain('unsafe use of new value "c"')
    const fresh = {
      one: parts(`create type f as enum ('a')`, `alter type f add value 'b'`),
      two: `select 'b'::f`,
    }
    expect((await run({ pending: fresh })).said).toEqual([])
  })

  it('a statement that Postgres refuses stops the deploy: the ones behind it are named', async () => {
    const { said, findings } = await run({
      pending: {
        one: parts('alter table t drop column nowhere', 'alter table t add column x text'),
        two: 'create table n (id integer)',
      },
    })
    expect(said).toEqual(['fail fails one #1', 'warn not_measured one #2', 'warn not_measured two #1'])
    expect(findings[0]?.message).toContain('column "nowhere" of relation "t" does not exist')
  })

  it('a column that is NOT NULL without a default fails on rows alone', async () => {
    const pending = {
      one: parts(
        'alter table t add column x text not null',
        'alter table t add column y text not null default 1',
      ),
    }
    expect((await run({ pending, sizes: { 'public.t': { rows: 5, heapBytes: 8192 } } })).said).toEqual(
      expect.arrayContaining(['fail fails public.t.x #1']),
    )
    expect((await run({ pending })).said).not.toContain('fail fails public.t.x #1')
    const later = {
      one: parts(
        'alter table t add column x text',
        `update t set x = ''`,
        'alter table t alter x set not null',
      ),
    }
    expect(
      (await run({ pending: later, sizes: { 'public.t': { rows: 5, heapBytes: 8192 } } })).said,
    ).not.toEqual(expect.arrayContaining([expect.stringContaining('fail fails')]))
  })
})

describe('a migration that takes prepared statements away', () => {
  it('is measured like any other one, and so is what comes behind it', async () => {
    const { said } = await run({
      pending: {
        one: parts('deallocate all', `do $$ begin execute 'deallocate all'; end $$`, 'drop table t'),
      },
      sizes: { 'public.t': huge },
    })
    expect(said.filter((each) => /fails|not_measured/.test(each))).toEqual([])
    expect(said.some((each) => each.includes('public.t'))).toBe(true)
  })

  it('and so is what is tried again', async () => {
    const { said } = await run({
      pending: {
        one: parts(
          'deallocate all',
          'grant select on t to made_by_nobody',
          'alter table t add column x text',
        ),
      },
    })
    expect(said).toEqual([])
  })
})

describe('rows', () => {
  it('are counted by their upper bound, for a second statement too', async () => {
    const { findings } = await run({
      pending: {
        one: parts(`update t set name = ''`, `update t set name = 'x'`, `do $$ begin delete from t; end $$`),
      },
      sizes: { 'public.t': { rows: 2.4e6, heapBytes: 1e9 } },
    })
    expect(findings.map(({ level, code, statement }) => [level, code, statement?.number])).toEqual(
      [1, 2, 3].map((number) => ['fail', 'changes_rows', number]),
    )
    expect(findings[0]?.message).toContain('at most 2.4 million rows')
  })

  it('that point to rows which are not here are measured without the check', async () => {
    const { steps, said } = await run({
      before: `${before}; alter table t add foreign key (parent_id) references parent (id)`,
      pending: { one: `insert into t values (1, 'x', 7)` },
    })
    expect(steps[0]?.effects).toMatchObject([{ changesRows: true, relation: { name: 't' } }])
    expect(said).toEqual([])
  })

  it('of a statement that fails on empty tables are judged by its text', async () => {
    const { said, steps } = await run({
      pending: {
        one: `update t set parent_id = 1 / (select count(*) from t)::integer where (select 1 / count(*) from t) > 0`,
      },
      sizes: { 'public.t': huge },
    })
    expect(said).toEqual(['fail changes_rows public.t #1', 'warn not_measured one #1'])
    expect(steps[0]?.problems[0]).toMatchObject({ reason: expect.stringContaining('division by zero') })
  })
})

describe('without a transaction', () => {
  const driver = 'neon-http'

  it('CONCURRENTLY and new values of enums work, and each statement locks by itself', async () => {
    const { said } = await run({
      driver,
      pending: {
        one: parts(
          'alter table parent add column x text',
          'create index concurrently i on t (name)',
          `alter type mood add value 'c'`,
          `insert into m values (1, 'c')`,
        ),
      },
      sizes: { 'public.t': huge },
    })
    expect(said).toEqual(['warn breaks_running_release public.mood', 'warn half_applied neon-http'])
  })

  // The locks were sampled on Postgres 17 while each ran: a statement outside of every transaction leaves none.
  it.each([
    ['create index concurrently i on t (name)', 't', 'ShareUpdateExclusiveLock', { indexesBuilt: 1 }],
    ['create unique index concurrently i on t (name)', 't', 'ShareUpdateExclusiveLock', { indexesBuilt: 1 }],
    ['drop index concurrently t_name', 't', 'ShareUpdateExclusiveLock', { indexesBuilt: 0, scanned: false }],
    ['reindex table concurrently t', 't', 'ShareUpdateExclusiveLock', { indexesBuilt: 2, locksIndex: false }],
    [
      'alter table pt detach partition pt_1 concurrently',
      'pt',
      'ShareUpdateExclusiveLock',
      { dropped: false },
    ],
    ['vacuum t', 't', 'ShareUpdateExclusiveLock', { rewritten: false }],
    ['vacuum full t', 't', 'AccessExclusiveLock', { rewritten: true, scanned: true }],
  ] as const)('%s has the lock that it has on a server', async (sql, name, lock, work) => {
    const more = `create index t_name on t (name); create table pt (id integer) partition by range (id);
      create table pt_1 partition of pt for values from (0) to (100)`
    const { steps } = await run({ driver, before: `${before}; ${more}`, pending: { one: sql } })
    const effects = steps.flatMap((step) => step.effects).filter(({ relation }) => relation.name === name)
    expect(effects).toMatchObject([{ locks: [lock], ...work }])
  })

  it('a value of an enum is used at once, and an extension touches nothing that exists', async () => {
    const { steps } = await run({
      driver,
      pending: { one: parts(`alter type mood add value 'z'`, 'create extension if not exists plpgsql') },
    })
    expect(steps.map(({ effects, problems }) => [effects, problems])).toEqual([
      [[], []],
      [[], []],
    ])
  })

  it('several statements in one part are refused', async () => {
    const { said } = await run({
      driver,
      pending: { one: 'alter table t add column x text; alter table t add column y text' },
    })
    expect(said).toEqual(['fail fails one #1', 'warn half_applied neon-http'])
  })
})

describe('what the embedded Postgres does not have', () => {
  it('an extension is said, and the rest is measured with text in its place', async () => {
    const { said, findings } = await run({
      pending: {
        one: parts(
          'create extension postgis',
          'alter table t add column place geometry(point, 4326)',
          'alter table t alter name set not null',
        ),
      },
      sizes: { 'public.t': huge },
    })
    expect(said).toEqual(
      expect.arrayContaining([
        'warn not_measured one #1',
        'warn not_measured one #2',
        'fail reads_all public.t #3',
      ]),
    )
    expect(findings.find(({ code }) => code === 'not_measured')?.message).toContain('the extension postgis')
  })

  it('a role and a predefined collation are made, and a function of the platform does not stop it', async () => {
    const { said } = await run({
      pending: {
        one: parts(
          'grant select on t to somebody_else',
          'alter table t add column more text collate "lv-x-icu"',
          'alter table t alter name set default platform.id()',
        ),
      },
    })
    expect(said).toEqual(['warn not_measured one #3'])
  })

  it.each([
    'create index on t using bm25 (name)',
    'alter publication supabase_realtime add table t',
    'alter extension pg_stat_statements update',
    'create server s foreign data wrapper other_fdw',
    'create foreign table f (id integer) server s',
    `create function f() returns integer language plv8 as 'return 1'`,
  ])('what comes with an extension stops nothing: %s', async (statement) => {
    for (const first of [[], ['create extension other_fdw']]) {
      const { said } = await run({ pending: { one: parts(...first, statement) } })
      expect(said).toEqual([...first, statement].map((_, at) => `warn not_measured one #${at + 1}`))
    }
  })

  it.each(['alter table t alter name set compression lz4', 'alter table t add x text compression LZ4'])(
    'a compression that the embedded Postgres was built without is measured with its own: %s',
    async (statement) => {
      const { said, steps } = await run({ pending: { one: statement } })
      expect(said).toEqual([])
      expect(steps[0]?.effects).toMatchObject([{ locks: ['AccessExclusiveLock'], rewritten: false }])
    },
  )

  it.each([
    `alter database neondb set timezone to 'UTC'`,
    'grant connect on database neondb to public',
    'alter table t set tablespace fast',
    'create index on t (name) tablespace fast',
  ])('what the server has and not the schema stops nothing: %s', async (statement) => {
    const { said } = await run({ pending: { one: parts(statement, 'alter table t add column x text') } })
    expect(said).toEqual(['warn not_measured one #1'])
  })

  it('what --skip leaves out is said', async () => {
    const { said } = await run({
      skip: /pg_cron/,
      pending: { one: parts('create extension pg_cron', 'alter table t add column x text') },
    })
    expect(said).toEqual(['warn not_measured --skip'])
  })

  it('syntax that production does not know is refused there', async () => {
    const virtual = { one: 'alter table t add column x integer generated always as (id + 1)' }
    expect((await run({ serverVersion: 170004, pending: virtual })).said).toEqual(['fail fails one #1'])
    expect((await run({ serverVersion: 180000, pending: virtual })).said).toEqual([])
    const stored = { one: 'alter table t add column x integer generated always as (id + 1) stored' }
    expect((await run({ serverVersion: 150000, pending: stored })).said).toEqual([])
  })

  it('a function that the application made itself is known', async () => {
    const make = `create function uuidv7() returns uuid language sql as 'select gen_random_uuid()'`
    const use = 'alter table t alter name set default uuidv7()'
    const saidOn17 = async (...statements: string[]) =>
      (await run({ serverVersion: 170004, pending: { one: parts(...statements) } })).said
    expect(await saidOn17(use)).toEqual(['fail fails one #1'])
    expect(await saidOn17(make, use)).toEqual([])
    const made = { before: `${before}; ${make}`, pending: { one: use } }
    expect((await run({ serverVersion: 170004, ...made })).said).toEqual([])
  })
})

describe('known mistakes', () => {
  it('a table that is rewritten twice could be rewritten once', async () => {
    const { findings } = await run({
      pending: {
        one: parts('alter table t alter name type varchar(9)', 'alter table t alter parent_id type bigint'),
      },
      sizes: { 'public.t': huge },
    })
    expect(findings.filter(({ code }) => code === 'rewrites')[1]?.advice).toContain(
      'several clauses of one ALTER TABLE',
    )
  })

  it('DROP TABLE locks every table that it refers to', async () => {
    const { findings } = await run({
      before: `${before}; create table link (t_id integer references t (id), p_id integer references parent (id))`,
      pending: { one: parts('drop table link', 'alter table m alter mood type text') },
      sizes: { 'public.m': huge },
    })
    const waits = findings.find(({ code }) => code === 'rewrites')?.waits?.map(({ object }) => object)
    expect(waits?.toSorted()).toEqual(['public.m', 'public.parent', 'public.t'])
  })

  it('a session that holds a lock in an old transaction is named', async () => {
    const { findings } = await run({
      pending: { one: 'alter table t add column x text' },
      sizes: { 'public.t': { holders: 2, oldHolders: 1 } },
    })
    expect(findings[0]).toMatchObject({
      level: 'warn',
      code: 'blocks',
      message: expect.stringContaining('older than 10 s'),
    })
  })
})
