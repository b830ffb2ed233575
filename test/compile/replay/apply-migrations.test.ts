import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { readMigrations } from '../../../src/compile/migrations/read-migrations.ts'
import { type ApplyOptions, applyMigrations } from '../../../src/compile/replay/apply-migrations.ts'
import { type PGlite, startEmbeddedPostgres } from '../../../src/compile/replay/embedded-postgres.ts'
import { notComparable } from '../../../src/compile/replay/not-known.ts'
import { journalFolder, temporaryFolder } from '../folders.ts'

let database: PGlite
beforeAll(async () => {
  database = await startEmbeddedPostgres([])
})
afterAll(() => database.close())
beforeEach(async () => {
  await database.exec(`
    drop schema if exists drizzle, auth cascade; drop schema public cascade; create schema public;
    do $$ declare role text; begin
      for role in select rolname from pg_roles where rolname not like 'pg\\_%' and rolname <> 'postgres' loop
        execute format('drop owned by %I; drop role %I', role, role);
      end loop;
    end $$`)
})

const apply = (migrations: Record<string, string>, options?: ApplyOptions) =>
  applyMigrations(database, readMigrations(journalFolder(migrations)), options)

const rows = async (sql: string) => (await database.query(sql)).rows
const tables = async () =>
  (
    await rows(
      `select relname from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') order by 1`,
    )
  ).map((row) => Object.values(row as object)[0])

describe('the folder habits of real projects', () => {
  it('runs several statements that stand in one chunk', async () => {
    await apply({
      '0000_a':
        'create table a (id int); create table b (id int);\n--> statement-breakpoint\ncreate table c ()',
    })
    expect(await tables()).toEqual(['a', 'b', 'c'])
  })

  it('goes on behind a COMMIT inside a file, index by index', async () => {
    const { warnings } = await apply({
      '0000_a': [
        'create table a (id int, name text)',
        'COMMIT;',
        'create index concurrently a_id on a (id);',
        'create index concurrently a_name on a (name);',
      ].join('\n--> statement-breakpoint\n'),
      '0001_b': 'create table b ()',
    })
    expect(
      await rows(
        'select indexrelid::regclass::text as name from pg_index where indrelid = $$a$$::regclass order by 1',
      ),
    ).toEqual([{ name: 'a_id' }, { name: 'a_name' }])
    expect(await rows('select count(*)::int as count from drizzle.__drizzle_migrations')).toEqual([
      { count: 2 },
    ])
    expect(warnings).toEqual([])
  })

  it.each([
    [
      'in a chunk of its own',
      'create table a (id int);\n--> statement-breakpoint\ncreate index concurrently a_id on a (id);',
    ],
    [
      'among other statements',
      'create table a (id int); create unique index concurrently a_id on a (id); create table b ();',
    ],
  ])('builds an index concurrently %s, and says that Drizzle would stop there', async (_, sql) => {
    const { warnings } = await apply({ '0000_a': sql })
    expect(await rows('select indisvalid from pg_index where indexrelid = $$a_id$$::regclass')).toEqual([
      { indisvalid: true },
    ])
    expect(warnings).toEqual([
      expect.stringContaining('0000_a holds a statement that cannot run inside a transaction'),
    ])
  })

  it('keeps a temporary table that is dropped on commit for the chunks of its file', async () => {
    await apply({
      '0000_a': [
        'create table a (id int)',
        'create temp table moved on commit drop as select 1 as id',
        'insert into a select id from moved',
      ].join('\n--> statement-breakpoint\n'),
    })
    expect(await rows('select id from a')).toEqual([{ id: 1 }])
  })

  it('lets a file use the enum value that the file before it added', async () => {
    await apply({
      '0000_a': `create type mood as enum ('sad')`,
      '0001_b': `alter type mood add value 'ok'`,
      '0002_c': `create table a (mood mood default 'ok')`,
    })
    expect(await tables()).toEqual(['a'])
  })

  it('lets a file add a value to the enum that it created, and use it', async () => {
    const { warnings } = await apply({
      '0000_a': [
        `create type mood as enum ('sad')`,
        `alter type mood add value 'ok'`,
        `create table a (mood mood default 'ok')`,
      ].join('\n--> statement-breakpoint\n'),
    })
    expect(warnings).toEqual([])
  })

  it('creates the roles that are mentioned and that nobody creates, and names them', async () => {
    const { createdRoles } = await apply({
      '0000_a':
        'create table a (id int);\n--> statement-breakpoint\ngrant select on a to "app reader", writer;',
      '0001_b': 'create role own; grant select on a to own; create policy p on a to third using (true);',
      '0002_c': 'set role fourth',
      '0003_d': 'create table d ()',
    })
    expect(createdRoles).toEqual(['app reader', 'writer', 'third', 'fourth'])
    expect(await rows('select current_user')).toEqual([{ current_user: 'postgres' }])
  })

  it('leaves a grant alone that is made only when its role exists', async () => {
    const { createdRoles } = await apply({
      '0000_a': `create table a (id int);
        do $$ begin if exists (select 1 from pg_roles where rolname = 'app') then grant select on a to app; end if; end $$`,
    })
    expect(createdRoles).toEqual([])
  })

  it('creates a schema of the project that is called auth', async () => {
    await apply({ '0000_a': 'create schema auth;--> statement-breakpoint\ncreate table auth.users (id int)' })
    expect(await rows(`select 'auth.users'::regclass::text as name`)).toEqual([{ name: 'auth.users' }])
  })

  it('creates partitions that are named after the day', async () => {
    await apply({
      '0000_a': `create table a (day date) partition by range (day);
        do $$ begin execute format('create table %I partition of a for values from (%L) to (%L)',
          'a_' || to_char(now(), 'YYYYMMDD'), current_date, current_date + 1); end $$`,
    })
    expect(await tables()).toEqual(['a', expect.stringMatching(/^a_\d{8}$/)])
  })

  it('applies 300 migrations', async () => {
    const names = Array.from({ length: 300 }, (_, index) => String(index).padStart(4, '0'))
    await apply(Object.fromEntries(names.map((name) => [`${name}_x`, `create table t${name} (id int)`])))
    expect(await tables()).toEqual(names.map((name) => `t${name}`))
  })

  it('does not let the search path of one file reach what comes after the replay', async () => {
    await apply({
      '0000_a': `select pg_catalog.set_config('search_path', '', false); create table public.a ()`,
    })
    expect(await rows('show search_path')).toEqual([{ search_path: 'public' }])
  })
})

describe('the ledger', () => {
  it('has the rows that Drizzle would write', async () => {
    await apply({ '0000_a': 'create table a ()', '0001_b': 'create table b ()' })
    expect(await rows('select id, hash, created_at::float from drizzle.__drizzle_migrations')).toEqual([
      {
        id: 1,
        hash: 'f905865fc1b7e7d95e68fd748a709b99074c448ed7a4ee0e16ca16759a5dea8e',
        created_at: 1_700_000_000_000,
      },
      { id: 2, hash: expect.stringMatching(/^[0-9a-f]{64}$/), created_at: 1_700_000_060_000 },
    ])
  })

  it('has the names and times of Drizzle 1.0 in its layout', async () => {
    const folder = temporaryFolder({ '20240102030405_first/migration.sql': 'create table a ()' })
    const ledger = { schema: 'public', table: 'Applied' }
    await applyMigrations(database, readMigrations(folder), { ledger })
    expect(
      await rows('select name, created_at::float, applied_at is not null as timed from public."Applied"'),
    ).toEqual([{ name: '20240102030405_first', created_at: Date.UTC(2024, 0, 2, 3, 4, 5), timed: true }])
    expect(await applyMigrations(database, readMigrations(folder), { ledger })).toMatchObject({
      migrations: [],
    })
  })

  it('decides what is pending: only what is newer than its newest row', async () => {
    await apply({ '0000_a': 'create table a ()' })
    const { migrations } = await apply({ '0000_a': 'create table a ()', '0001_b': 'create table b ()' })
    expect(migrations.map(({ tag }) => tag)).toEqual(['0001_b'])
  })
})

describe('a migration that Postgres refuses', () => {
  it('is named with its file, its statement and what Postgres says', async () => {
    const sql =
      'create table a (id int);\n--> statement-breakpoint\ncreate table b (\n  id serial,\n  name texxt\n);'
    await expect(apply({ '0000_good': 'select 1', '0001_bad': sql })).rejects.toThrow(
      /0001_bad\.sql cannot be applied: type "texxt" does not exist\. .*\n {2}name texxt \);$/,
    )
    expect(await tables()).toEqual([])
  })

  it('is named when it speaks up at the end of its transaction only', async () => {
    const sql = `create table a (id int);
      create function refuse() returns trigger language plpgsql as $$ begin raise exception 'never'; end $$;
      create constraint trigger late after insert on a deferrable initially deferred for each row execute function refuse();
      create function make() returns void language plpgsql as $$ begin insert into a values (1); create table b (); end $$;
      select make()`
    await expect(apply({ '0000_late': sql })).rejects.toThrow(/0000_late\.sql cannot be applied: never/)
  })

  it('goes on without an extension that the embedded Postgres lacks, and names what it could not know', async () => {
    const { missing } = await apply({
      '0000_geo': `create extension if not exists postgis; create extension pg_bigm;
        create table places ("id" int, "geometry" geometry(point, 4326) not null, way public.geography(linestring) [] default null);
        create index places_at on places using gist ("geometry");
        create index concurrently if not exists "By Way" on only "public"."places" using gist (way gist_geography_ops)`,
      '0001_more': `alter table places add column "name" text, add other geometry (Point,4326);
        alter table "places" add constraint srid check (st_srid(other) = 4326);
        create or replace view near as select st_distance(other, other) as d from places`,
    })
    expect(missing.extensions).toEqual(['postgis', 'pg_bigm'])
    expect(missing.objects).toEqual([
      { kind: 'index', object: 'public.places_at', difference: 'extra' },
      { kind: 'index', object: 'public.By Way', difference: 'extra' },
      { kind: 'view', object: 'public.near', difference: 'extra' },
    ])
    // It is there with another expression, so that it can be missed.
    expect(await notComparable(database, missing)).toContainEqual({
      kind: 'constraint',
      object: 'public.places.srid',
      difference: 'changed',
    })
    const { rows } = await database.query(
      `select attname, format_type(atttypid, atttypmod) as type from pg_attribute where attrelid = 'places'::regclass and attnum > 0`,
    )
    expect(rows).toEqual([
      { attname: 'id', type: 'integer' },
      { attname: 'geometry', type: 'geometry' },
      { attname: 'way', type: 'geography[]' },
      { attname: 'name', type: 'text' },
      { attname: 'other', type: 'geometry' },
    ])
  })

  it('passes over nothing that it cannot name', async () => {
    const geo = 'create extension postgis; '
    await expect(apply({ '0000_geo': `${geo}create table b as select st_x(1)` })).rejects.toThrow(
      /st_x.*does not exist/,
    )
    await expect(
      apply({ '0000_geo': `${geo}create table a (x int); alter table a alter x type text using st_x(1)` }),
    ).rejects.toThrow(/--skip PATTERN/)
  })

  it('a type that is not there is a fault where no extension is missing', async () => {
    await expect(apply({ '0000_geo': 'create table a (x geometry)' })).rejects.toThrow(
      /type "geometry" does not exist/,
    )
  })

  it('can be left out, statement by statement', async () => {
    const sql = 'create extension postgis;\n--> statement-breakpoint\ncreate table a ()'
    const { skipped } = await apply({ '0000_geo': sql }, { skip: /extension.*postgis/i })
    expect(skipped).toEqual([{ tag: '0000_geo', statements: 1, of: 2 }])
    expect(await tables()).toEqual(['a'])
  })

  it('is missed where it is left out, unless it is made elsewhere', async () => {
    const files = {
      '0000_geo': 'create extension if not exists citext; create table a (x citext)',
      '0001_b': 'do $$ begin create extension pgcrypto; end $$',
    }
    const skip = /create extension.*(?:citext|pgcrypto)/
    const { missing } = await apply(files, { skip })
    expect(missing).toMatchObject({ extensions: ['citext', 'pgcrypto'], types: ['citext'] })
    const own = { '0000_a': 'create extension if not exists plpgsql; create table b ()' }
    expect((await apply(own, { skip: /plpgsql/ })).missing.extensions).toEqual([])
    const said = { '0000_note': `/* create extension cube */ select 'create extension postgis' as note` }
    expect((await apply(said, { skip: /note/ })).missing.extensions).toEqual([])
  })

  it('leaves the other statements of the chunk, and leaves the chunk out where only that matches', async () => {
    const chunks = ['create extension postgis; create table a ()', 'create table b (); create table c ()']
    const { skipped } = await apply(
      { '0000_geo': chunks.join('--> statement-breakpoint\n') },
      { skip: /postgis|b \(\); create table c/i },
    )
    expect(skipped).toEqual([{ tag: '0000_geo', statements: 3, of: 4 }])
    expect(await tables()).toEqual(['a'])
  })
})

describe('what a migration does to rows', () => {
  const parent = 'create table parents (id int primary key)'
  const child = 'create table children (parent int references parents)'

  it.each([
    ['at once', `${child}; insert into children values (1); create index late on children (parent)`],
    [
      'at the end of the transaction',
      `${child} ; alter table children alter constraint children_parent_fkey deferrable initially deferred;
        create index late on children (parent); insert into children values (1)`,
    ],
  ])('may point to rows that only the live database has, checked %s', async (_, sql) => {
    const { warnings } = await apply({ '0000_a': parent, '0001_b': sql, '0002_c': 'create table later ()' })
    expect(await tables()).toEqual(['children', 'later', 'parents'])
    expect(await rows('select parent from children')).toEqual([{ parent: 1 }])
    expect(
      await rows(
        `select to_regclass('late')::text as name, current_setting('session_replication_role') as role`,
      ),
    ).toEqual([{ name: 'late', role: 'origin' }])
    expect(warnings).toEqual([
      expect.stringMatching(/^0001_b writes rows that point to rows which no migration makes/),
    ])
  })

  it.each([
    ['breaks a constraint', `insert into a values (1), (1)`, 'duplicate key value'],
    [
      'needs a table of the platform',
      `update auth.users set name = 'x'`,
      'relation "auth.users" does not exist',
    ],
    ['breaks a deferred constraint', `insert into b values (1), (1)`, 'duplicate key value'],
    [
      'breaks a deferred constraint in a block',
      `do $$ begin insert into b values (1), (1); end $$`,
      'duplicate key value',
    ],
  ])('is left out with a warning when it %s', async (_, statement, said) => {
    const { warnings } = await apply({
      '0000_a': `create table a (id int primary key); create table b (id int unique deferrable initially deferred)`,
      '0001_b': `alter table a add name text; create index late on a (name); ${statement}`,
    })
    expect(
      await rows(`select to_regclass('late')::text as name, (select count(*)::int from a) as rows`),
    ).toEqual([{ name: 'late', rows: 0 }])
    expect(warnings).toEqual([
      expect.stringMatching(`^0001_b: .*${said}.*It is left out, because no schema needs it`),
    ])
  })
})
