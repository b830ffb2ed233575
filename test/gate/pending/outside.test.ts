import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type PGlite, startEmbeddedPostgres } from '../../../src/compile/replay/embedded-postgres.ts'
import { parts } from '../project.ts'
import { huge, runScenario, said } from '../scenario.ts'

let database: PGlite
beforeAll(async () => {
  database = await startEmbeddedPostgres([])
})
afterAll(() => database?.close())

const before = 'create table t (id integer primary key, a integer)'

describe('a statement for outside of a transaction that Postgres refuses there too', () => {
  it.each([
    ['create index concurrently i on missing (a)', 'relation "missing" does not exist'],
    ['create index concurrently i on t (missing)', 'column "missing" does not exist'],
    ['create index concurrently t_pkey on t (a)', 'relation "t_pkey" already exists'],
    ['drop index concurrently missing', 'index "missing" does not exist'],
  ])('%s', async (statement, reason) => {
    const pending = { one: parts(statement, 'alter table t add b text') }
    const alone = await runScenario(database, { before, pending, driver: 'neon-http' })
    expect(said(alone.findings)).toEqual(['fail fails one #1', 'warn not_measured one #2'])
    expect(alone.findings[0]?.message).toBe(`fails: ${reason}`)
    const together = await runScenario(database, { before, pending })
    expect(said(together.findings)).toEqual([
      'fail not_in_transaction one #1',
      'fail fails one #1',
      'warn not_measured one #2',
    ])
  })
})

describe('CONCURRENTLY for a partitioned table', () => {
  const parted = `create table parts (id integer primary key, a integer) partition by range (id);
    create table part partition of parts for values from (1) to (2); create index parts_a on parts (a)`

  it.each([
    [
      'create index concurrently on parts (a)',
      'cannot create index on partitioned table "parts" concurrently',
    ],
    ['drop index concurrently parts_a', 'cannot drop partitioned index "parts_a" concurrently'],
    [
      'alter table parts detach partition part concurrently',
      'cannot detach partitions concurrently when a default partition exists',
      'create table rest partition of parts default',
    ],
  ])('is refused: %s', async (statement, message, first = '') => {
    const pending = { one: parts(statement, 'select 1') }
    const { findings } = await runScenario(database, {
      ...{ before: `${parted}; ${first}`, pending, driver: 'neon-http' },
    })
    expect(said(findings)).toEqual(['fail fails one #1', 'warn not_measured one #2'])
    expect(findings.find(({ code }) => code === 'fails')?.message).toBe(`fails: ${message}`)
  })

  it('is not for a partition, nor in DETACH', async () => {
    const pending = {
      one: parts(
        'create index concurrently part_a on part (id, a)',
        'drop index concurrently part_a',
        'alter table parts detach partition part concurrently',
        'create index concurrently part_a on part (a)',
        'reindex index concurrently part_a',
        'alter table part add b text',
      ),
    }
    const sizes = { 'public.part': huge }
    const { findings } = await runScenario(database, { before: parted, pending, sizes, driver: 'neon-http' })
    expect(said(findings)).toEqual([])
    // What is built is counted where it is built.
    const built = findings.filter(({ code }) => code === 'builds_index')
    expect(built.map(({ statement }) => statement?.number)).toEqual([1, 4, 5])
  })
})

it('what an extension would do is left out of CONCURRENTLY too', async () => {
  const pending = {
    one: parts(
      'create extension postgis',
      'alter table t add g geometry',
      'create index concurrently t_g on t (st_x(g))',
      'drop index t_g',
    ),
  }
  const { findings } = await runScenario(database, { before, pending, driver: 'neon-http' })
  expect(said(findings).filter((line) => line.startsWith('fail'))).toEqual([])
})

it('what is sent at once behind a COMMIT is a transaction, in which locks add up', async () => {
  const [lock, work] = ['alter table t add b text', 'create index on t (a)']
  const found = async (...statements: string[]) =>
    said((await runScenario(database, { before, pending: { one: parts(...statements) }, sizes })).findings)
  const sizes = { 'public.t': huge }
  const together = ['fail blocks public.t #2', 'fail builds_index public.t #3']
  expect(await found(`commit; ${lock}; ${work}`)).toEqual(together)
  expect(await found('commit', `${lock}; ${work}`)).toEqual(together)
  // Each by itself: only writes wait.
  expect(await found('commit', lock, work)).toEqual(['warn builds_index public.t #3'])
  expect(await found(`commit; ${lock}`, work)).toEqual(['warn builds_index public.t #3'])
  expect(await found(`commit; ${lock}; commit`, work)).toEqual(['warn builds_index public.t #4'])
  // BEGIN makes it a transaction that goes on.
  expect(await found(`commit; ${lock}; begin`, work)).toEqual([
    'fail blocks public.t #2',
    'fail builds_index public.t #4',
  ])
})

it('a COMMIT that is sent with others leaves CONCURRENTLY in a transaction', async () => {
  const pending = { one: 'alter table t add b text; commit; create index concurrently i on t (a)' }
  const { findings } = await runScenario(database, { before, pending })
  expect(said(findings)).toEqual(['fail not_in_transaction one #3'])
})

const options = ['concurrently', 'verbose, concurrently']

it.each(options)('REINDEX (%s) is measured like REINDEX TABLE CONCURRENTLY', async (some) => {
  const statement = `reindex (${some}) table t`
  const sizes = { 'public.t': huge }
  const found = async (text: string) => {
    const pending = { one: parts(text, 'alter table t add b text') }
    return said((await runScenario(database, { before, pending, sizes, driver: 'neon-http' })).findings)
  }
  expect(await found(statement)).toEqual(await found('reindex table concurrently t'))
  expect(await found(statement)).not.toContain('fail fails one #1')
})

const manyTables = `${before}; create table parts (id integer primary key) partition by range (id);
  create table part partition of parts for values from (1) to (2)`

it.each([
  'reindex schema public',
  'reindex schema concurrently public',
  'reindex table parts',
  'reindex table concurrently parts',
  'cluster',
])('%s is not said to do nothing', async (statement) => {
  const pending = { one: statement }
  const alone = await runScenario(database, { before: manyTables, pending, driver: 'neon-http' })
  expect(said(alone.findings)).toEqual(['warn not_measured one #1'])
  expect(alone.findings[0]?.message).toContain('it works on one table after the other')
  const together = await runScenario(database, { before: manyTables, pending })
  expect(said(together.findings)).toEqual(['fail not_in_transaction one #1', 'warn not_measured one #1'])
})

describe('VACUUM FULL', () => {
  const tables = `${manyTables}; create table "Mixed" (id integer); create table "full" (id integer);
    create schema app; create table app.orders (id integer); create table fresh (id integer)`
  const all = ['app.orders', 'public.Mixed', 'public.fresh', 'public.full', 'public.part', 'public.t']

  it.each([
    ['vacuum full', all],
    ['vacuum (full, analyze)', all],
    ['vacuum full t', ['public.t']],
    ['VACUUM FULL VERBOSE "Mixed", app.orders;', ['app.orders', 'public.Mixed']],
    ['vacuum (full true, analyze) only t (a, id), "full"', ['public.full', 'public.t']],
    ['vacuum (full) parts', ['public.part']],
    ['vacuum full /* all? */ analyze mixed', []],
    ['vacuum (full false) t', []],
    ['vacuum "full"', []],
    ['vacuum t', []],
  ])('rewrites what it names: %s', async (statement, rewritten) => {
    const pending = { one: statement }
    const { findings } = await runScenario(database, { before: tables, pending, driver: 'neon-http' })
    const found = findings.filter(({ code }) => code === 'rewrites')
    expect(found.map(({ object }) => object).toSorted()).toEqual(rewritten)
  })
})

describe('a block that commits its batches', () => {
  const block = 'do $$ begin update t set a = 1; commit; end $$'
  const after = 'alter table t add b text'
  const sizes = { 'public.t': huge }

  it.each([
    ['by itself', 'neon-http', [block, after], 1],
    ['after a COMMIT', 'node-postgres', ['commit', block, after], 2],
  ] as const)('is not measured %s, and stops nothing', async (_, driver, statements, number) => {
    const pending = { one: parts(...statements) }
    const { findings } = await runScenario(database, { before, pending, sizes, driver })
    const problems = said(findings).filter((line) => /fail|not_measured/.test(line))
    expect(problems).toEqual([`fail changes_rows public.t #${number}`, `warn not_measured one #${number}`])
  })

  it('is refused in a transaction', async () => {
    const { findings } = await runScenario(database, { before, pending: { one: parts(block, after) } })
    expect(said(findings)).toEqual(['fail not_in_transaction one #1'])
  })
})
