/** Each safer way is measured by the tool that advises it. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type PGlite, startEmbeddedPostgres } from '../../../src/compile/replay/embedded-postgres.ts'
import type { Files } from '../project.ts'
import { huge, runScenario, said } from '../scenario.ts'

let database: PGlite
beforeAll(async () => {
  database = await startEmbeddedPostgres([])
})
afterAll(() => database?.close())

const before = `create table public.parent (id integer primary key);
  create table public.t (id integer primary key, name text, n integer, parent_id integer, en text);
  create index t_n on public.t (n)`
const sizes = { 'public.t': huge, 'public.parent': huge }

const advised: Readonly<Record<string, string>> = {
  'set not null': 'ALTER TABLE "t" ALTER COLUMN "name" SET NOT NULL;',
  check: 'ALTER TABLE "t" ADD CONSTRAINT "n_positive" CHECK ("n" > 0);',
  'foreign key':
    'ALTER TABLE "t" ADD CONSTRAINT "t_parent_fk" FOREIGN KEY ("parent_id") REFERENCES "public"."parent"("id") ON DELETE cascade ON UPDATE no action;',
  unique: 'ALTER TABLE "t" ADD CONSTRAINT "t_name_unique" UNIQUE("name");',
  index: 'CREATE INDEX "t_name" ON "t" USING btree ("name");',
  'unique index': 'CREATE UNIQUE INDEX "t_name_once" ON "t" USING btree ("name" DESC NULLS LAST);',
  'index without a name': 'create index on t (name)',
  reindex: 'reindex table t',
  type: 'ALTER TABLE "t" ALTER COLUMN "name" SET DATA TYPE varchar(255);',
  'volatile default': 'ALTER TABLE "t" ADD COLUMN "token" uuid DEFAULT gen_random_uuid() NOT NULL;',
  'NOT NULL before a volatile default': 'alter table t add token uuid not null default gen_random_uuid()',
  'volatile default of a column that may exist':
    'alter table t add column if not exists token uuid default gen_random_uuid()',
  'check with a comment behind it': 'alter table t add constraint n_positive check (n > 0) -- no debts',
}

it.each(Object.entries(advised))('%s: the safer way lets nobody wait for work', async (_, statement) => {
  // In front of it, a lock that makes reads wait for an index or a foreign key too.
  const pending = { one: `alter table t add column first_one text;\n--> statement-breakpoint\n${statement}` }
  const { findings } = await runScenario(database, { before, sizes, pending })
  const finding = findings.find(({ saferSql }) => saferSql)
  expect(finding).toMatchObject({ level: 'fail', advice: expect.any(String) })
  const steps = finding?.saferSql ?? []
  expect(steps.length).toBeGreaterThan(0)
  // Each statement by itself, as the advice says.
  const safer: Files = { one: steps.join(';\n--> statement-breakpoint\n') }
  const result = await runScenario(database, { before, sizes, pending: safer, driver: 'neon-http' })
  const works = result.findings.filter(({ code }) => /^(?:rewrites|reads_all|builds_index)$/.test(code))
  expect(said(works)).toEqual([])
  expect(works.flatMap(({ waits }) => waits ?? [])).toEqual([])
  expect(said(result.findings).filter((line) => /fails|not_measured|not_in/.test(line))).toEqual([])
})

it('what has no certain way has words alone, or nothing', async () => {
  const pending = { one: `update t set name = ''` }
  const { findings } = await runScenario(database, { before, sizes, pending })
  expect(findings[0]).toMatchObject({ code: 'changes_rows', advice: expect.stringContaining('in batches') })
  expect(findings[0]).not.toHaveProperty('saferSql')
  const generated = { one: `alter table t add column g integer generated always as (n + 1) stored` }
  const second = await runScenario(database, { before, sizes, pending: generated })
  expect(second.findings[0]).toMatchObject({ level: 'fail', code: 'rewrites' })
  expect(second.findings[0]).not.toHaveProperty('advice')
})

it.each([
  ['alter table t rename to t2', 'alter table t2 add constraint positive check (n > 0)'],
  ['alter table t rename to "T 2"', 'alter table only "T 2" alter n set not null'],
  ['alter table t set schema other', 'alter table other.t alter n set not null'],
])('the safer way names a table as it is named by then: %s; %s', async (first, statement) => {
  const moved = `${before}; create schema other`
  const run = (...statements: string[]) => {
    const pending = { one: [first, ...statements].join(';\n--> statement-breakpoint\n') }
    return runScenario(database, { before: moved, sizes, pending, driver: 'neon-http' })
  }
  const steps = (await run(statement)).findings.find(({ saferSql }) => saferSql)?.saferSql ?? []
  expect(steps.length).toBeGreaterThan(0)
  const { findings } = await run(...steps)
  expect(said(findings).filter((line) => /fails|reads_all/.test(line))).toEqual([])
})

it('a default of a type that is checked for each row has no safer way', async () => {
  const pending = { one: `alter table t add column code short_text default 'a'` }
  const { findings } = await runScenario(database, {
    ...{ before: `${before}; create domain short_text as text check (value < 'x')`, sizes, pending },
  })
  expect(findings[0]).toMatchObject({ level: 'fail', code: 'rewrites' })
  expect(findings[0]).not.toHaveProperty('saferSql')
})

const parted = `create table public.parent (id integer primary key);
  create table public.pt (id integer not null, at integer not null, parent_id integer) partition by range (at);
  create table public.pt_1 partition of pt for values from (1) to (9)`

/** Postgres refuses here what helps with other tables. */
it.each([
  ['create index on pt (id)', 'ON ONLY'],
  ['alter table pt add constraint pt_key unique (id, at)', 'give each partition a constraint'],
  ['alter table pt add primary key (id, at)', 'give each partition a constraint'],
  [
    'alter table only_first add column x integer;\n--> statement-breakpoint\nalter table pt add constraint fk foreign key (parent_id) references parent (id)',
    'add it to each partition',
  ],
])('a partitioned table has a way of its own: %s', async (sql, advice) => {
  const pending = { one: sql.replace('only_first', 'pt') }
  const large = { 'public.pt_1': huge }
  const { findings } = await runScenario(database, { before: parted, sizes: large, pending })
  const finding = findings.find(({ object, code }) => object === 'public.pt_1' && code !== 'blocks')
  expect(finding?.advice).toContain(advice)
  expect(finding).not.toHaveProperty('saferSql')
})

it.each([
  'alter table pt alter id type bigint',
  'alter table pt alter parent_id set not null',
  'alter table pt add constraint positive check (id > 0)',
])('the way of a partition names its table: %s', async (sql) => {
  const large = { 'public.pt_1': huge }
  const { findings } = await runScenario(database, { before: parted, sizes: large, pending: { one: sql } })
  const steps = findings.find(({ saferSql }) => saferSql)?.saferSql ?? []
  expect(steps.length).toBeGreaterThan(0)
  const safer: Files = { one: steps.join(';\n--> statement-breakpoint\n') }
  const result = await runScenario(database, {
    before: parted,
    sizes: large,
    pending: safer,
    driver: 'neon-http',
  })
  expect(said(result.findings).filter((line) => /fails|rewrites|reads_all/.test(line))).toEqual([])
})

it('a statement on the partition itself has the way of every table', async () => {
  const large = { 'public.pt_1': huge }
  const pending = { one: 'create index on pt_1 (id)' }
  const { findings } = await runScenario(database, { before: parted, sizes: large, pending })
  expect(findings.find(({ saferSql }) => saferSql)?.saferSql).toEqual([
    'CREATE INDEX CONCURRENTLY on pt_1 (id)',
  ])
})
