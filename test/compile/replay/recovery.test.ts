/** Migrations that succeed where there are rows, or other rows, and fail in an empty database: the schema is the same. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { readMigrations } from '../../../src/compile/migrations/read-migrations.ts'
import { applyMigrations } from '../../../src/compile/replay/apply-migrations.ts'
import { type PGlite, startEmbeddedPostgres } from '../../../src/compile/replay/embedded-postgres.ts'
import { journalFolder } from '../folders.ts'

let database: PGlite
beforeAll(async () => {
  database = await startEmbeddedPostgres([])
})
afterAll(() => database.close())
beforeEach(async () => {
  await database.exec(
    'drop schema if exists drizzle cascade; drop schema public cascade; create schema public',
  )
})

const tables =
  'create table a (id int primary key, name text); create table b (id int primary key, a_id int); create table kids (id int, a_id int references a)'

/** Replays files after one that makes the tables. */
async function apply(...files: string[]) {
  const named = Object.fromEntries([tables, ...files].map((sql, index) => [`000${index}_file`, sql]))
  return applyMigrations(database, readMigrations(journalFolder(named)))
}

const value = async (sql: string) => {
  const [row] = (await database.query<Record<string, unknown>>(sql)).rows
  return Object.values(row ?? {})[0]
}
const definition = (constraint: string) =>
  value(`select pg_get_constraintdef(oid) from pg_constraint where conname = '${constraint}'`)

describe('a collation that is not there', () => {
  it('is made where it is one of those that Postgres has from the start', async () => {
    const { createdCollations, warnings } = await apply(
      `create collation german from "de-DE-x-icu"; create table c (a text collate "pt-BR-x-icu", b text collate "pt_BR.UTF-8@euro")`,
      'alter table c add d text collate "pt-BR-x-icu"',
    )
    expect(createdCollations).toEqual(['de-DE-x-icu', 'pt-BR-x-icu', 'pt_BR.UTF-8@euro'])
    expect(warnings).toEqual([])
    expect(
      await value(`select string_agg(attcollation::regcollation::text, ' ') from pg_attribute
        where attrelid = 'c'::regclass and attnum > 0`),
    ).toBe('"pt-BR-x-icu" "pt_BR.UTF-8@euro" "pt-BR-x-icu"')
    expect(await value(`select collprovider::text from pg_collation where collname = 'german'`)).toBe('i')
  })

  it.each(['german', 'german.utf8', 'shop."pt-PT-x-icu"', 'x_icu'])(
    'stops the replay where somebody else made it: %s',
    async (name) => {
      await expect(
        apply(`create schema if not exists shop; create table c (a text collate ${name})`),
      ).rejects.toThrow(/does not exist.*supply it with --prelude FILE/)
    },
  )
})

describe('a statement that makes nothing', () => {
  it.each([
    ['RAISE', `do $$ begin if not exists (select from a) then raise exception 'no rows'; end if; end $$`],
    ['INTO STRICT', 'do $$ declare n int; begin select id into strict n from a; end $$'],
    ['ASSERT', `do $$ begin assert (select count(*) from a) > 0, 'create them'; end $$`],
    ['a required value', 'do $$ begin insert into b values ((select id from a), 7); end $$'],
    ['setval of 0', `create sequence s; select setval('s', (select coalesce(max(id), 0) from a))`],
    ['division by zero', 'select 1 / (select count(*) from a)'],
    ['a function of its own file', 'create function f() returns int return 1/0; select f()'],
    [
      'a procedure that calls one',
      `create function f() returns void language plpgsql as $$ begin raise 'no rows'; end $$;
        create procedure p() language plpgsql as 'begin perform f(); end'; call p()`,
    ],
    ['a job of pg_cron', `select cron.schedule('nightly', '0 3 * * *', 'vacuum')`],
    ['a table of the platform', 'truncate auth.users'],
    ['rows that are explained', 'explain analyze insert into b values (1 / 0)'],
  ])('is left out when it fails: %s', async (_, sql) => {
    const { warnings } = await apply(`alter table a add one int; ${sql}; create index late on a (one)`)
    expect(await value(`select to_regclass('late')::text`)).toBe('late')
    expect(warnings).toEqual([
      expect.stringMatching(
        /^0001_file: a statement that makes nothing fails \(.+\)\. It is left out, because no schema needs it; .* (?:do|select|call|truncate|explain) /,
      ),
    ])
  })

  it.each([
    ['itself', `select 1 / (select count(*)::int from a) as n into made`],
    [
      'by a function',
      `create function f() returns void language plpgsql as $$ begin create table made (); raise 'no'; end $$; select f()`,
    ],
    [
      'by a function of a function',
      `create function f() returns void language plpgsql as $$ begin execute 'create table made ()'; raise 'no'; end $$;
        create function g() returns void language sql as 'select f()'; select g()`,
    ],
    ['by a function that is not known', 'select make_made()'],
  ])('is not one that makes something %s: that stops the replay', async (_, sql) => {
    await expect(apply(sql)).rejects.toThrow(/leave the statement out with --skip PATTERN; .*--ignore/)
  })

  it('may be one that changes rows and calls what makes something, which the warning says', async () => {
    const make = `create function f() returns int language plpgsql as $$ begin create table made (); return 1; end $$`
    const { warnings } = await apply(
      make,
      'insert into b (id) select max(id) from a where id = f()',
      'insert into b (id) values (null)',
    )
    expect(warnings).toEqual([
      expect.stringMatching(
        /^0002_file: .* left out, but what the functions that it calls make is made; for rows that are not there, the check finds that as extra, and --ignore/,
      ),
      expect.stringMatching(/^0003_file: .* left out, because no schema needs it/),
    ])
  })

  it('may be one whose query alone makes what a later statement changes', async () => {
    const make = `create function f(n text) returns int language plpgsql as $$ begin execute format('create table %I (id int)', n); return 1; end $$`
    const { warnings } = await apply(
      make,
      `insert into b (id, a_id) select f('made'), 1 / (select count(*) from a) on conflict do nothing; alter table made add x int`,
      `insert into b (id) select null from (select f('other')) o; alter table other add x int`,
      `insert into b (id) values (f('third'), 1 / 0); alter table if exists third add x int`,
    )
    // The first query fails too.
    expect(
      await value(`select concat(to_regclass('made'), to_regclass('other'), to_regclass('third'))`),
    ).toBe('other')
    expect(await value(`select count(*)::int from b`)).toBe(0)
    expect(warnings).toEqual([
      expect.stringMatching(
        /^0002_file: .* It is left out, with what the functions that it calls make: .* insert into b/,
      ),
      expect.stringMatching(
        /^0002_file: made is not there, because .* makes it for a row\. .* left out: alter table made/,
      ),
      expect.stringMatching(/^0003_file: .* but what the functions that it calls make is made/),
      expect.stringMatching(/^0004_file: .* It is left out, with what .* insert into b/),
    ])
  })

  it('is not one that Postgres does not understand', async () => {
    await expect(apply('selec 1')).rejects.toThrow(/syntax error/)
    await expect(apply('select from where')).rejects.toThrow(/syntax error/)
  })

  it('is left out with all other changes of rows when three of its file fail', async () => {
    const inserts = Array.from({ length: 50 }, (_, id) => `insert into a values (${id}, 1 / 0)`)
    const { warnings } = await apply(
      ['alter table a add one int', ...inserts, 'create index late on a (one)'].join(
        '\n--> statement-breakpoint\n',
      ),
    )
    expect(warnings.map((warning) => warning.slice(0, 50))).toEqual([
      ...Array.from({ length: 3 }, () => '0001_file: a statement that only changes rows fail'),
      '0001_file: its other statements that only change r',
    ])
    expect(await value(`select to_regclass('late')::text`)).toBe('late')
  })

  it('may copy rows that only a client has', async () => {
    const { warnings } = await apply('copy a from stdin; create index late on a (name)')
    expect(await value(`select to_regclass('late')::text`)).toBe('late')
    expect(warnings).toEqual([expect.stringMatching(/^0001_file: .*COPY.*STDIN/)])
  })
})

describe('a block that makes something', () => {
  it.each([
    ['RAISE', `if not exists (select from a) then raise exception 'no rows in a'; end if;`],
    ['RAISE of a condition', 'if not exists (select from a) then raise no_data_found; end if;'],
    ['RAISE without a level', `if not exists (select from a) then raise 'none of %', 'a'; end if;`],
    ['INTO STRICT', 'select id into strict n from a;'],
    ['ASSERT', `assert (select count(*) from a) > 0, 'no rows; none';`],
    ['a required value', 'insert into b (id) select max(id) from a;'],
    [
      'a change in a branch',
      'if n is null then update a set id = 1 / 0; else delete from a; end if; insert into b values (null);',
    ],
  ])('makes it without what it demands of rows: %s', async (_, demand) => {
    const { warnings } = await apply(
      `do language plpgsql $body$ declare n int; begin ${demand} execute 'create table made (id int)'; end $body$`,
    )
    expect(await value(`select to_regclass('made')::text`)).toBe('made')
    expect(warnings).toEqual([
      expect.stringMatching(
        /^0001_file: a statement fails \(.+\)\. The block is run without what it changes/,
      ),
    ])
  })

  it('keeps the rows that it writes and only leaves out what fails of them', async () => {
    const { warnings } = await apply(
      'create sequence s',
      `do $$ declare r record; begin
      insert into a values (1, 'x'), (2, 'y');
      insert into b (id, a_id) values (null, 7); insert into b (id) values (5);
      perform setval('s', (select count(*) from b));
      execute 'insert into b values (null)';
      for r in select name from a loop execute format('create table made_%s (id int)', r.name); end loop;
    end $$`,
    )
    expect(await value(`select count(*)::int from pg_class where relname in ('made_x', 'made_y')`)).toBe(2)
    expect(warnings).toHaveLength(3)
  })

  it.each([
    [
      'IF',
      `if not exists (select from a) then raise exception 'none'; else create table made (id int); end if;`,
    ],
    [
      'ELSIF',
      `if false then null; elsif (select count(*) from a) = 0 or n = 1 -- why
      then raise exception 'none'; else create table made (id int); end if;`,
    ],
  ])('goes on behind ELSE where %s leads to RAISE EXCEPTION', async (_, branch) => {
    await apply(`do $$ declare n int; begin ${branch} end $$; alter table made add late int`)
    expect(await value(`select attname::text from pg_attribute where attname = 'late'`)).toBe('late')
  })

  it.each([
    [
      'WHILE',
      `while exists (select from b where a_id is null) loop update b set a_id = 1 / (select count(*) from a); end loop;`,
    ],
    [
      'LOOP',
      `<<rounds>> loop update b set a_id = 1 / (select count(*) from a) where a_id is null; exit when not exists (select from b where a_id is null); end loop;`,
    ],
  ])('ends although its %s waits for a change of rows that fails', async (_, loop) => {
    await apply('insert into b values (1)', `do $$ begin ${loop} create table made (id int); end $$`)
    expect(await value(`select to_regclass('made')::text`)).toBe('made')
  })

  it('takes a condition that is not an expression as it is', async () => {
    await apply(
      `do $$ begin if count(*) = 0 from a then raise exception 'none'; end if; create table made (id int); end $$`,
    )
    expect(await value(`select to_regclass('made')::text`)).toBe('made')
  })

  it('stops the replay where it fails all the same, with what Postgres says', async () => {
    await expect(apply(`do $$ begin execute 'create table made (id texxt)'; end $$`)).rejects.toThrow(
      /type "texxt" does not exist/,
    )
  })
})

describe('what is made of a query that fails', () => {
  it.each([
    ['create table made as select 1 / (select count(*) from a) as n with data', 'r'],
    ['create unlogged table made (n) as (select 1 / (select count(*) from a))', 'r'],
    ['create materialized view made as select 1 / (select count(*) from a) as n;', 'm'],
    [
      'create materialized view made as select 1 / (select count(*) from a) as n with no data; refresh materialized view made',
      'm',
    ],
  ])('%s', async (sql, kind) => {
    const { warnings } = await apply(sql)
    expect(
      await value(`select relkind::text || attname || relispopulated from pg_class join pg_attribute on attrelid = pg_class.oid
      where relname = 'made' and attnum = 1`),
    ).toBe(`${kind}ntrue`)
    expect(warnings).toEqual([
      expect.stringMatching(
        /^0001_file: a statement fails \(division by zero\)\. What it makes is made without/,
      ),
    ])
  })
})

describe('rows that the migrations write', () => {
  const written = `insert into a values (1, 'x'), (2, 'x'), (3, null); insert into b values (1, 9)`

  it.each([
    ['SET NOT NULL', 'alter table a alter name set not null', 'a_name_not_null', undefined],
    ['a required column', 'alter table a add late text constraint late not null', 'late', undefined],
    ['CHECK', `alter table a add constraint late check (name <> 'x')`, 'late', `CHECK ((name <> 'x'::text))`],
    ['UNIQUE', 'alter table a add constraint late unique (name)', 'late', 'UNIQUE (name)'],
    [
      'EXCLUDE',
      'alter table a add constraint late exclude (name with =)',
      'late',
      'EXCLUDE USING btree (name WITH =)',
    ],
    [
      'FOREIGN KEY',
      'alter table b add constraint late foreign key (a_id) references a',
      'late',
      'FOREIGN KEY (a_id) REFERENCES a(id)',
    ],
    [
      'the block that drizzle-kit wrote for a FOREIGN KEY',
      'DO $$ BEGIN ALTER TABLE b ADD CONSTRAINT late FOREIGN KEY (a_id) REFERENCES a(id); EXCEPTION WHEN duplicate_object THEN null; END $$',
      'late',
      'FOREIGN KEY (a_id) REFERENCES a(id)',
    ],
    [
      'VALIDATE',
      'alter table b add constraint late foreign key (a_id) references a not valid; alter table b validate constraint late',
      'late',
      'FOREIGN KEY (a_id) REFERENCES a(id)',
    ],
  ])('do not keep %s from its table', async (_, sql, constraint, expected) => {
    const { warnings } = await apply(written, sql)
    if (expected === undefined) {
      expect(
        await value(`select attnotnull from pg_attribute where attrelid = 'a'::regclass
        and attname = '${constraint === 'late' ? 'late' : 'name'}'`),
      ).toBe(true)
    } else expect(await definition(constraint)).toBe(expected)
    const table = sql.includes('table b') || sql.includes('TABLE b') ? 'b' : 'a'
    expect(warnings).toEqual([
      expect.stringMatching(
        `^0002_file: rows that the migrations write stand in the way .*without the rows of public\\.${table},`,
      ),
    ])
    // A later migration may make something for each of them.
    expect(await value(`select count(*)::int from ${table === 'a' ? 'b' : 'a'}`)).toBe(table === 'a' ? 1 : 3)
    expect(await value('select count(*)::int from drizzle.__drizzle_migrations')).toBe(3)
  })

  it.each([
    [
      'another type',
      'alter table a alter name type int using name::int',
      `format_type(atttypid, null)`,
      'integer',
    ],
    [
      'an enum that is made anew',
      `create type mood as enum ('ok'); alter table a alter name type mood using name::mood`,
      `format_type(atttypid, null)`,
      'mood',
    ],
    [
      'an index of an expression',
      'create index late on a ((name::int))',
      `to_regclass('late')::text`,
      'late',
    ],
    [
      'an index that is built concurrently',
      'create unique index concurrently late on a (name)',
      `to_regclass('late')::text`,
      'late',
    ],
    [
      'an index of a materialized view',
      'create materialized view m as select name from a; create unique index late on m (name)',
      `(select relispopulated from pg_class where relname = 'm') || to_regclass('late')::text`,
      'truelate',
    ],
    [
      'a partition',
      `create table p (id int) partition by list (id); create table p1 (id int); insert into p1 values (5);
        alter table p attach partition p1 for values in (1)`,
      `(select relispartition from pg_class where relname = 'p1')`,
      true,
    ],
    [
      'a check of a domain',
      `create domain d as text; create table t (v d); insert into t values ('x'); alter domain d add constraint late check (value <> 'x')`,
      `(select conname::text from pg_constraint where conname = 'late')`,
      'late',
    ],
  ])('do not keep %s from being made', async (_, sql, read, expected) => {
    const { warnings } = await apply(written, sql)
    expect(
      await value(`select ${read} from pg_attribute where attrelid = 'a'::regclass and attname = 'name'`),
    ).toBe(expected)
    expect(warnings.join('\n')).toMatch(/0002_file: rows that the migrations write stand in the way/)
  })

  it('and those of its own file are gone before the statement', async () => {
    await apply(`${written}; alter table a alter name set not null; create index late on a (name)`)
    expect(await value(`select to_regclass('late')::text`)).toBe('late')
  })

  it('may still be to be checked when their table is altered', async () => {
    const { warnings } = await apply(
      'alter table kids alter constraint kids_a_id_fkey deferrable initially deferred; insert into kids values (1, 7); alter table kids add late int',
    )
    expect(await value(`select attname::text from pg_attribute where attname = 'late'`)).toBe('late')
    expect(warnings).toEqual([expect.stringMatching(/^0001_file changes rows and then their table/)])
  })

  it('are not the reason of what fails without them', async () => {
    for (const sql of [
      'alter table a add late int default (1 / 0)',
      'create index concurrently late on a ((1 / 0))',
      'commit; alter table a add late int default (1 / 0)',
    ])
      await expect(apply(written, sql)).rejects.toThrow(/0002_file\.sql cannot be applied: division by zero/)
  })
})
