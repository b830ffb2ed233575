/** Public outages and near misses of teams with Drizzle, in small: each is stopped, or let through, with the right words. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type PGlite, startEmbeddedPostgres } from '../../src/compile/replay/embedded-postgres.ts'
import { advised, before, oauth, waiting } from './incident.ts'
import { parts } from './project.ts'
import { huge, runScenario, said } from './scenario.ts'

let database: PGlite
beforeAll(async () => {
  database = await startEmbeddedPostgres([])
})
afterAll(() => database?.close())

describe('an enum of a huge table becomes text while a table with foreign keys is dropped', () => {
  const production = (before['0000_start'] ?? '').replaceAll('--> statement-breakpoint', '')
  const sizes = {
    'ingest.webhook_events': { rows: 105e6, heapBytes: 180e9, indexBytes: 18e9, toastBytes: 419e9 },
  }

  it('is stopped, and all that would wait are named', async () => {
    const { findings, report } = await runScenario(database, {
      before: production,
      pending: { oauth },
      sizes,
    })
    expect(report.verdict).toBe('fail')
    const rewrite = findings.find(({ code }) => code === 'rewrites')
    expect(rewrite?.message).toBe(
      'rewrites ingest.webhook_events: 180 GB table, 419 GB TOAST, 18 GB indexes, 105 million rows; every read and write of it waits',
    )
    expect(rewrite?.waits?.map(({ object }) => object).toSorted()).toEqual(waiting.toSorted())
    expect(rewrite?.advice).toContain('leave it out of this deploy')
    expect(findings.find(({ object }) => object === 'auth.users')?.message).toBe(
      'reads and writes of auth.users wait until statement 3 is done',
    )
    expect(findings.find(({ code }) => code === 'breaks_running_release')?.object).toBe(
      'public.plugin_connections',
    )
  })

  it('passes without the one statement', async () => {
    const { report } = await runScenario(database, { before: production, pending: { advised }, sizes })
    expect(report.verdict).toBe('pass')
  })
})

it('a backfill before SET NOT NULL warns of every row and of the reading under a lock', async () => {
  const { findings } = await runScenario(database, {
    before: 'create table task (id integer primary key, priority text)',
    pending: {
      '0042_priority': parts(
        `UPDATE "task" SET "priority" = 'low' WHERE "priority" IS NULL`,
        'ALTER TABLE "task" ALTER COLUMN "priority" SET NOT NULL',
      ),
    },
    sizes: { 'public.task': { rows: 900_000, heapBytes: 1.1e9 } },
  })
  expect(said(findings)).toEqual([
    'warn changes_rows public.task #1',
    'warn reads_all public.task #2',
    'warn breaks_running_release public.task.priority',
  ])
  expect(findings[1]).toMatchObject({
    message: 'reads all of public.task (1.1 GB); every read and write of it waits',
    saferSql: [
      expect.stringContaining('NOT VALID'),
      expect.stringContaining('VALIDATE CONSTRAINT'),
      expect.any(String),
    ],
  })
})

it('a new table that refers to three others passes: their writes wait for an instant', async () => {
  const { findings, report } = await runScenario(database, {
    before:
      'create table a (id integer primary key); create table b (id integer primary key); create table c (id integer primary key)',
    pending: {
      '0046_chat': parts(
        'CREATE TABLE "chat" ("id" integer PRIMARY KEY, "a" integer, "b" integer, "c" integer)',
        ...['a', 'b', 'c'].map(
          (to) =>
            `ALTER TABLE "chat" ADD CONSTRAINT "chat_${to}" FOREIGN KEY ("${to}") REFERENCES "${to}"("id")`,
        ),
      ),
    },
    sizes: { 'public.a': huge, 'public.b': huge, 'public.c': huge },
  })
  expect(report.verdict).toBe('pass')
  expect(findings.map(({ code, object }) => `${code} ${object}`)).toEqual([
    'blocks public.a',
    'blocks public.b',
    'blocks public.c',
    'needs_first public.chat',
  ])
})

it('four type changes of one table rewrite it four times', async () => {
  const { findings } = await runScenario(database, {
    before: 'create table application (id integer primary key, a text, b text, c text, d text)',
    pending: {
      '0054_nervous': parts(
        ...['a', 'b', 'c', 'd'].map(
          (name) => `ALTER TABLE "application" ALTER COLUMN "${name}" SET DATA TYPE varchar(80)`,
        ),
      ),
    },
    sizes: { 'public.application': huge },
  })
  const rewrites = findings.filter(({ code }) => code === 'rewrites')
  expect(rewrites.map(({ statement }) => statement?.number)).toEqual([1, 2, 3, 4])
  expect(rewrites.slice(1).every(({ advice }) => advice?.includes('one ALTER TABLE'))).toBe(true)
})

it('many CONCURRENTLY in a file can only run without a transaction', async () => {
  const scenario = {
    before: 'create table customers (id integer primary key, org text, env text)',
    pending: {
      '0031_indexes': parts(
        ...['org', 'env'].map(
          (name) => `CREATE INDEX CONCURRENTLY "customers_${name}" ON "customers" ("${name}")`,
        ),
      ),
    },
    sizes: { 'public.customers': huge },
  }
  expect(said((await runScenario(database, scenario)).findings)).toEqual([
    'fail not_in_transaction 0031_indexes #1',
    'fail not_in_transaction 0031_indexes #2',
  ])
  expect(said((await runScenario(database, { ...scenario, driver: 'neon-http' })).findings)).toEqual([])
})

it('code that comes before its schema misses what is pending: it is said what it needs first', async () => {
  const { findings, report } = await runScenario(database, {
    before: `create type kind as enum ('a'); create table users (id integer primary key)`,
    pending: {
      '0102_more': parts(
        'ALTER TABLE "users" ADD COLUMN "plan" text',
        `ALTER TYPE "kind" ADD VALUE 'b'`,
        'CREATE TABLE "teams" ("id" integer)',
      ),
    },
  })
  expect(findings.filter(({ code }) => code === 'needs_first').map(({ object }) => object)).toEqual([
    'public.users.plan',
    'public.teams',
    'public.kind',
  ])
  expect(report.verdict).toBe('warn')
})

it('what drizzle-kit push made is refused by the first migration that makes it again', async () => {
  const pending = { '0000_start': 'CREATE TABLE "users" ("id" integer PRIMARY KEY)' }
  const { findings } = await runScenario(database, { pending, there: ['public.users'] })
  expect(said(findings)).toEqual(['fail fails public.users'])
  const careful = { '0000_start': 'CREATE TABLE IF NOT EXISTS "users" ("id" integer PRIMARY KEY)' }
  expect(said((await runScenario(database, { pending: careful, there: ['public.users'] })).findings)).toEqual(
    ['warn fails public.users'],
  )
  expect(said((await runScenario(database, { pending })).findings)).toEqual([])
})

it.each([
  'insert into fresh select id, a from t',
  'with old as (select id, a from t) insert into fresh select * from old',
])('a table is copied into a new one while it is locked: %s', async (copy) => {
  const found = async (...statements: string[]) => {
    const { findings } = await runScenario(database, {
      before: 'create table t (id integer primary key, a integer)',
      pending: { one: parts('create table fresh (id integer, a integer)', ...statements) },
      sizes: { 'public.t': huge },
    })
    return said(findings)
  }
  expect(await found('alter table t add b text', copy)).toEqual([
    'fail blocks public.t #2',
    'fail reads_all public.t #3',
  ])
  // Nobody waits.
  expect(await found(copy)).toEqual([])
})
