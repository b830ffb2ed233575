import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type PGlite, startEmbeddedPostgres } from '../../../src/compile/replay/embedded-postgres.ts'
import type { Files } from '../project.ts'
import { runScenario } from '../scenario.ts'

let database: PGlite
beforeAll(async () => {
  database = await startEmbeddedPostgres([])
})
afterAll(() => database?.close())

const before = `create type mood as enum ('a', 'b');
  create table t (id integer primary key, name text, code text not null default 'x', mood mood default 'a',
    constraint t_code unique (code));
  create view v as select id from t; create sequence s; create schema other;
  create function f(integer) returns integer language sql as 'select 1'`

const tell = async (pending: Files, rights = '') => {
  const { findings } = await runScenario(database, { before: `${before}; ${rights}`, pending })
  const words = { fail: 'breaks', warn: 'may break', pass: 'needs' }
  return findings
    .filter(({ code }) => code === 'breaks_running_release' || code === 'needs_first')
    .map(({ level, object, message }) => `${words[level]} ${object}${message.split(object).at(-1)}`)
}

describe('the running release breaks for certain', () => {
  it.each([
    ['a dropped column', 'alter table t drop column name', ['breaks public.t.name is dropped']],
    ['a dropped table', 'drop table t cascade', ['breaks public.t is dropped', 'breaks public.v is dropped']],
    ['a dropped view', 'drop view v', ['breaks public.v is dropped']],
    ['a dropped sequence', 'drop sequence s', ['breaks public.s is dropped']],
    [
      'a renamed column',
      'alter table t rename name to title',
      ['breaks public.t.name is now title', 'needs public.t.title is still name'],
    ],
    [
      'a renamed table',
      'alter table t rename to u',
      ['breaks public.t is now public.u', 'needs public.u is still public.t'],
    ],
    [
      'a moved table',
      'alter table t set schema other',
      ['breaks public.t is now other.t', 'needs other.t is still public.t'],
    ],
    [
      'a column that every insert has to give',
      'alter table t add column x text not null',
      [
        'needs public.t.x is new',
        'breaks public.t.x is new, NOT NULL and has no default: every insert of the running release fails',
      ],
    ],
    [
      'a lost default',
      'alter table t alter code drop default',
      ['breaks public.t.code lost its default: inserts that leave it out fail'],
    ],
    [
      'a column that is dropped and added again',
      'alter table t drop column name; alter table t add column name text',
      ['breaks public.t.name is dropped and added again: its data is lost'],
    ],
    [
      'a renamed value of an enum',
      `alter type mood rename value 'a' to 'z'`,
      [
        `breaks public.mood has no value 'a' any more`,
        `may break public.mood has a new value 'z', which the running release may read and not know`,
        `needs public.mood has no value 'z' yet`,
      ],
    ],
    [
      'a function with other arguments',
      `drop function f(integer); create function f(text) returns integer language sql as 'select 1'`,
      ['breaks public.f(integer) is dropped', 'needs public.f(text) is new'],
    ],
  ])('%s', async (_, sql, expected) => {
    expect(await tell({ one: sql.replaceAll('; ', ';\n--> statement-breakpoint\n') })).toEqual(expected)
  })
})

describe('the running release may break', () => {
  it.each([
    ['NOT NULL', 'alter table t alter name set not null', ['may break public.t.name became NOT NULL']],
    ['null', 'alter table t alter code drop not null', ['may break public.t.code may now be null']],
    [
      'another type',
      'alter table t alter name type varchar(9)',
      ['may break public.t.name was text and is now character varying(9)'],
    ],
    [
      'a CHECK',
      `alter table t add constraint c check (name <> '')`,
      ['may break public.t has a CHECK more, c'],
    ],
    [
      'a key that ON CONFLICT may name',
      'alter table t drop constraint t_code',
      ['may break public.t has no unique index any more over code, which ON CONFLICT may name'],
    ],
    [
      'row level security',
      'alter table t enable row level security',
      ['may break public.t has row level security: rows may vanish'],
    ],
    [
      'row level security of the owner',
      'alter table ruled force row level security',
      ['may break public.ruled has row level security for its owner too: rows may vanish'],
    ],
    [
      'a policy for others',
      'alter policy only_own on ruled to pg_monitor',
      ['may break public.ruled has other policies: rows may vanish'],
    ],
    [
      'a UNIQUE over another column under its old name',
      'alter table t drop constraint t_code, add constraint t_code unique (name)',
      [
        'may break public.t has a UNIQUE more, t_code',
        'may break public.t has no unique index any more over code, which ON CONFLICT may name',
      ],
    ],
    [
      'a foreign key to another table under its old name',
      'alter table child drop constraint parent, add constraint parent foreign key (id) references other_parent',
      ['may break public.child has a foreign key more, parent'],
    ],
    [
      'a CHECK that is narrower',
      `alter table ruled drop constraint known, add constraint known check (status in ('a'))`,
      ['may break public.ruled has another CHECK, known'],
    ],
  ])('%s', async (_, sql, expected) => {
    const ruled = `create table ruled (status text constraint known check (status in ('a', 'b')));
      alter table ruled enable row level security; create policy only_own on ruled using (status = 'a')`
    const keyed = `create table parent (id integer primary key); create table other_parent (id integer primary key);
      create table child (id integer, constraint parent foreign key (id) references parent)`
    expect(await tell({ one: sql }, `${ruled}; ${keyed}`)).toEqual(expected)
  })
})

describe('rights', () => {
  const given = `do $$ begin create role app; exception when duplicate_object then null; end $$;
    grant select, insert on t to app; grant select (name) on t to public; grant usage on schema other to app`

  it.each([
    [
      'a right on a table',
      'revoke insert on t from app',
      ['may break public.t no longer gives INSERT to app'],
    ],
    [
      'a right on a column',
      'revoke select (name) on t from public',
      ['may break public.t no longer gives SELECT (name) to PUBLIC'],
    ],
    [
      'the right of everybody on a function',
      'revoke execute on function f(integer) from public',
      ['may break public.f(integer) no longer gives EXECUTE to PUBLIC'],
    ],
    [
      'a right on a schema',
      'revoke usage on schema other from app',
      ['may break schema other no longer gives USAGE to app'],
    ],
    [
      'all that were given on a table that is made again',
      'drop table t cascade; create table t (id integer primary key, name text)',
      [
        'may break public.t no longer gives INSERT to app',
        'may break public.t no longer gives SELECT to app',
        'may break public.t no longer gives SELECT (name) to PUBLIC',
      ],
    ],
  ])('may be missed: %s', async (_, sql, expected) => {
    const found = await tell({ one: sql.replaceAll('; ', ';\n--> statement-breakpoint\n') }, given)
    expect(found.filter((line) => line.includes('no longer gives'))).toEqual(expected)
  })

  it('may be missed: those on a table whose name a view has now', async () => {
    const sql = 'alter table t rename to u;\n--> statement-breakpoint\ncreate view t as select * from u'
    const found = await tell({ one: sql }, given)
    expect(found).toContain('may break public.t no longer gives INSERT to app')
  })

  it.each([
    ['the table is renamed', 'alter table t rename to u'],
    ['more are given', 'grant update on t to app'],
    ['the table is dropped, which is said', 'drop table t cascade'],
    [
      'the function is replaced',
      `create or replace function f(integer) returns integer language sql as 'select 2'`,
    ],
  ])('are not missed when %s', async (_, sql) => {
    const found = await tell({ one: sql }, given)
    expect(found.filter((line) => line.includes('no longer gives'))).toEqual([])
  })
})

describe('nothing breaks', () => {
  it('by what is only new: the new release needs it first', async () => {
    expect(
      await tell({
        one: 'create table n (id integer);\n--> statement-breakpoint\nalter table t add column x integer references t (id)',
      }),
    ).toEqual(['needs public.t.x is new', 'needs public.n is new'])
  })

  it.each([
    [
      'a table becomes a partition: it keeps its name',
      'create table pt (like t) partition by range (id); alter table pt attach partition t for values from (1) to (9)',
      ['needs public.pt is new'],
    ],
    [
      'a table is renamed and a view has its name',
      'alter table t rename to u; create view t as select * from u',
      ['needs public.u is new'],
    ],
    [
      'a partitioned table takes the name of the table that becomes its partition',
      `alter table t rename to t_1; create table t (like t_1 including defaults including constraints) partition by range (id);
        alter table t attach partition t_1 for values from (1) to (9)`,
      [],
    ],
  ])('when %s', async (_, sql, expected) => {
    const pending = { one: sql.replaceAll('; ', ';\n--> statement-breakpoint\n') }
    const found = await tell(pending)
    expect(found.filter((line) => !line.startsWith('may break'))).toEqual(expected)
  })

  it.each([
    ['a constraint has another name', 'alter table t rename constraint t_pkey to pk'],
    ['a materialized view loses an index', 'drop index mv_id'],
    ['a unique index has another order', 'drop index t_both; create unique index on t (name, id)'],
    [
      'a unique index includes a column',
      'drop index t_both; create unique index on t (id, name) include (code)',
    ],
    ['a sequence belongs to a column', 'alter sequence s owned by t.id'],
    [
      'a CHECK is made again as it was',
      'alter table t drop constraint few, add constraint few check (id < 9)',
    ],
  ])('when %s', async (_, sql) => {
    const made =
      'create materialized view mv as select id from t; create unique index mv_id on mv (id); alter table t add constraint few check (id < 9); create unique index t_both on t (id, name)'
    const pending = { one: sql.replaceAll('; ', ';\n--> statement-breakpoint\n') }
    expect(await tell(pending, made)).toEqual([])
  })

  it('when a partition becomes a table: production has it already, and nobody makes it', async () => {
    const { findings } = await runScenario(database, {
      before: `create table pt (id integer) partition by range (id); create table p1 partition of pt for values from (1) to (9)`,
      pending: { one: 'alter table pt detach partition p1' },
      there: ['public.p1'],
    })
    expect(findings.filter(({ code }) => code !== 'blocks')).toEqual([])
  })

  it('when drizzle-kit makes an enum anew to add a value', async () => {
    const sql = [
      'ALTER TABLE "t" ALTER COLUMN "mood" SET DATA TYPE text',
      `ALTER TABLE "t" ALTER COLUMN "mood" SET DEFAULT 'a'::text`,
      'DROP TYPE "mood"',
      `CREATE TYPE "mood" AS ENUM('a', 'b', 'c')`,
      `ALTER TABLE "t" ALTER COLUMN "mood" SET DEFAULT 'a'::"mood"`,
      'ALTER TABLE "t" ALTER COLUMN "mood" SET DATA TYPE "mood" USING "mood"::"mood"',
    ]
    const found = await tell({ one: sql.join(';\n--> statement-breakpoint\n') })
    expect(found.filter((line) => line.startsWith('breaks'))).toEqual([])
    expect(found).toContain(`needs public.mood has no value 'c' yet`)
  })

  it('by what one file adds and a later one removes', async () => {
    expect(
      await tell({ one: 'alter table t add column x text', two: 'alter table t drop column x' }),
    ).toEqual([])
  })
})

it('each is said with the migration that does it, and an order without a gap where there is none', async () => {
  const { report } = await runScenario(database, {
    before,
    pending: { one: 'alter table t add column x text', two: 'alter table t drop column name' },
  })
  const [one, two] = report.migrations.map(({ findings }) => findings.filter(({ code }) => code !== 'blocks'))
  expect(one).toMatchObject([{ code: 'needs_first', object: 'public.t.x' }])
  expect(two).toMatchObject([
    {
      code: 'breaks_running_release',
      object: 'public.t.name',
      advice: expect.stringContaining('neither order works without a gap'),
    },
  ])
})
