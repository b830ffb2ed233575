/** What PostGIS brings and the embedded Postgres does not have, wherever it stands in migrations and preludes. */
import { describe, expect, it } from 'vitest'
import { readMigrations } from '../../../src/compile/migrations/read-migrations.ts'
import { notComparable } from '../../../src/compile/replay/not-known.ts'
import { replayMigrations } from '../../../src/compile/replay/replay.ts'
import { journalFolder } from '../folders.ts'

const tables = `create extension if not exists postgis;
  create table places (id int primary key, name text, at geometry(point, 4326) not null)`

/** What is then not compared, and what a query says of the replay. */
async function replay(migrations: readonly string[], query: string, prelude?: string) {
  const named = Object.fromEntries(migrations.map((sql, index) => [`000${index}_file`, sql]))
  const preludes = prelude === undefined ? [] : [{ source: 'before.sql', sql: prelude, isExpected: true }]
  const { database, applied } = await replayMigrations(readMigrations(journalFolder(named)), preludes, {
    ledger: { schema: 'drizzle', table: '__drizzle_migrations' },
  })
  try {
    const unknown = await notComparable(database, applied.missing)
    const [row] = (await database.query<Record<string, unknown>>(query)).rows
    return {
      unknown: unknown
        .map(({ kind, object }) => `${kind} ${object}`)
        .filter((name) => name !== 'extension postgis' && name !== 'column public.places.at'),
      value: Object.values(row ?? {})[0],
      warnings: applied.warnings,
    }
  } finally {
    await database.close()
  }
}

const body = `select prosrc from pg_proc where proname = 'near'`

it.each([
  [
    'the text of a function of SQL, which is compared',
    `create function near(lat float) returns setof places language sql stable as $$ select * from places where st_dwithin(at, st_point(lat, 0)::geometry(point, 4326), 10) $$`,
    [],
    body,
    expect.stringContaining('st_dwithin(at, st_point(lat, 0)::geometry(point, 4326), 10)'),
  ],
  [
    'the signature of a function in PL/pgSQL',
    'create function near(p geography(point)) returns float language plpgsql as $$ begin return st_x(p); end $$',
    ['routine public.near(geography)'],
    body,
    ' begin return st_x(p); end ',
  ],
  [
    'the body of a function that is not a text',
    'create or replace function near(p float, q int) returns float language sql stable begin atomic; select st_x(st_point(p, q)); end',
    ['routine public.near(double precision, integer)'],
    `select provolatile::text from pg_proc where proname = 'near'`,
    's',
  ],
  [
    'the expression that a function returns',
    'create function near(p float default 1) returns float language sql return st_x(st_point(p, p))',
    ['routine public.near(double precision)'],
    'select pronargdefaults from pg_proc where proname = $$near$$',
    1,
  ],
  [
    'a materialized view, its index and a view on it',
    `create materialized view spots as select id, st_x(at) as x from places;
      create unique index spots_id on spots (id); refresh materialized view spots; comment on materialized view spots is 'x';
      create view few as select id from spots; grant select on few to public; create index late on places (name)`,
    ['materialized view public.spots', 'index public.spots_id', 'view public.few'],
    `select to_regclass('late')::text`,
    'late',
  ],
  [
    'a policy and a trigger',
    `create policy here on places using (st_x(at) > 0); create function t() returns trigger language plpgsql as $$ begin return new; end $$;
      create trigger moved after update of at on public.places for each row when (st_x(new.at) > 0) execute function t()`,
    ['policy public.places.here', 'trigger public.places.moved'],
    `select to_regproc('t')::text`,
    't',
  ],
  [
    'the default of a column',
    'alter table places add x float; alter table places alter x set default st_x(st_point(0, 0))',
    ['column public.places.x'],
    `select format_type(atttypid, null) from pg_attribute where attname = 'x' and attrelid = 'places'::regclass`,
    'double precision',
  ],
  [
    'columns that are computed, also one that is renamed, and what is on them',
    `alter table places add x double precision generated always as (st_x(at)) stored not null, add z int;
      alter table places rename x to "The x"; create index late on places ("The x");
      create table spots (id serial primary key, at geometry(point), y numeric(9, 2) constraint up check (id > 0) generated always as (st_y(at) + 1) stored, last text)`,
    ['column public.places.The x', 'column public.spots.at', 'column public.spots.y'],
    `select string_agg(a.attname || ' ' || format_type(atttypid, atttypmod) || a.attgenerated::text, ', ' order by attrelid::regclass::text, attnum)
      from pg_attribute a where attrelid::regclass::text in ('places', 'spots') and attnum > 0 and (attgenerated <> '' or attname in ('z', 'last'))`,
    'The x double precisions, z integer, y numeric(9,2)s, last text',
  ],
  [
    'checks, with the names that Postgres gives them',
    `create table spots (id int, "Top" geometry check (st_z("Top") > 0), low geometry, constraint named check (st_z(low) > 0 and 'Top' <> ''),
        check (st_dwithin("Top", low, 1)));
      alter table spots add check ("Top" && low), add note text; alter table spots add constraint other check (st_x(low) > 0), add more text`,
    [
      'column public.spots.Top',
      'column public.spots.low',
      'constraint public.spots.named',
      'constraint public.spots.other',
      'constraint public.spots.spots_Top_check',
      'constraint public.spots.spots_check',
      'constraint public.spots.spots_check1',
    ],
    `select count(*)::int from pg_attribute where attrelid = 'spots'::regclass and attname in ('note', 'more')`,
    2,
  ],
  [
    'defaults of new columns and tables, and domains',
    `alter table places add x float default st_x(null) not null, add y float default 1;
      create table spots (id uuid default gen_id() primary key, at geometry default (st_point(0, 0)), last int);
      create domain spot as geometry default st_point(1, 1) check (st_x(value) > 0)`,
    ['column public.places.x', 'column public.spots.at', 'column public.spots.id', 'domain public.spot'],
    `select string_agg(conname || ' ' || contype::text, ', ') from pg_constraint where conrelid = 'spots'::regclass and contype = 'p'`,
    'spots_pkey p',
  ],
  [
    'names that are words of the language, and texts that look like calls',
    `create table spots (id int, "domain" text default st_t(1) not null, domain2 text, "column" varchar(9) default 'st_t(', add text default st_t(2),
        exists numeric(9, 2) generated always as (st_n(id)) stored, "not" text check ("not" <> 'st_t(1)'), last text);
      create schema shop; create domain shop."The domain" as text default st_t(1) check (st_n(value) > 0)`,
    [
      'column public.spots.add',
      'column public.spots.domain',
      'column public.spots.exists',
      'domain shop.The domain',
    ],
    `select string_agg(a.attname || ' ' || format_type(atttypid, atttypmod) || a.attnotnull::text, ', ' order by attnum)
      from pg_attribute a where attrelid = 'spots'::regclass and attnum > 0`,
    'id integerfalse, domain texttrue, domain2 textfalse, column character varying(9)false, add textfalse, exists numeric(9,2)false, not textfalse, last textfalse',
  ],
  [
    'checks whose words are columns elsewhere, or of this table',
    `create table events (date date, "end" int, zone int, public int, day int);
      create table spots (doc text, date date, year int, spots int, "end" int, note text, a int,
        check (st_t("spots"."doc")::date > date '2000-01-01'), check (extract(year from cast(public.st_t(doc) as pg_catalog.date)) > 1),
        check (case when st_t(doc) = '' then false else true end), check (st_n(a => 1, b => "a") > 0), check (st_t(doc) < "end"::text),
        check ((st_r(doc)).zone > 0 and st_n(note) = day(note)))`,
    [
      'constraint public.spots.spots_a_check',
      'constraint public.spots.spots_check',
      'constraint public.spots.spots_check1',
      'constraint public.spots.spots_doc_check',
      'constraint public.spots.spots_doc_check1',
      'constraint public.spots.spots_doc_check2',
    ],
    'select 1',
    1,
  ],
  [
    'a check on a column that was renamed in the same file',
    `alter table places rename column name to "The name"; alter table places add check (st_t("The name") <> '')`,
    ['constraint public.places.places_The name_check'],
    'select 1',
    1,
  ],
  [
    'several actions of one statement, each by itself',
    `alter table places add x int not null, alter name set default st_t(1), add constraint apart exclude using btree (st_n(id) with =), add y int;
      alter table if exists only public."places" add z int, alter column name set default st_t(2);`,
    ['column public.places.name', 'constraint public.places.apart'],
    `select string_agg(attname, '') from pg_attribute where attrelid = 'places'::regclass and attname in ('x', 'y', 'z')`,
    'xyz',
  ],
  [
    'an operator and no other that begins like it',
    `create table spots (data json, tags int4, more int4, check (data ->> 'a' <> ''), check (tags ?-more), check (tags ?- -1), check (more <> 0))`,
    ['constraint public.spots.spots_check', 'constraint public.spots.spots_tags_check'],
    'select 1',
    1,
  ],
  [
    'what reads a type as the text that stands in for it, and nothing else',
    `alter table places alter at set default 'POINT(0 0)', add x text generated always as (at || 'x') stored, add constraint same check (at <> ''),
        add constraint there check (at is not null and id > 0), enable row level security;
      create index on places (name) where at <> ''; create index plain on places (at); create index late on places (name) where name <> '';
      create view spots as select at as "The spot", id from places; create view few as select id from spots where "The spot" = 'x';
      create materialized view many as select lower(at) from places; create policy here on places using (at = 'x'); create policy own on places using (name = 'x');
      create function t() returns trigger language plpgsql as $$ begin return new; end $$;
      create trigger moved after update on places for each row when (new.at = 'x') execute function t();
      create trigger any_move after update of at on places for each row execute function t();
      create domain spot as geometry check (value <> ''); create statistics st on id, (at || name) from places`,
    [
      'column public.spots.The spot',
      'column public.places.x',
      'constraint public.places.same',
      'domain public.spot',
      'index public.places_name_idx',
      'policy public.places.here',
      'query public.few',
      'query public.many',
      'statistics public.st',
      'trigger public.places.moved',
    ],
    'select 1',
    1,
  ],
  [
    'an index that is renamed, and one that is dropped',
    `create index one on places using gist (at); create index two on places using gist (at); comment on index one is 'x';
      alter index one rename to three; drop index two`,
    ['index public.three'],
    'select 1',
    1,
  ],
])('%s', async (_, sql, unknown, query, value) => {
  expect(await replay([tables, sql], query)).toEqual({ unknown, value, warnings: [] })
})

it.each([
  ['a table that is made of rows', 'create table spots as select st_x(at) as x from places'],
  ['a block', 'do $$ begin alter table places add x float default st_x(null); end $$'],
  [
    'what a function of the migrations makes besides',
    `create function more() returns text language plpgsql as $$ begin create table more (); return ''; end $$; select addgeometrycolumn(more())`,
  ],
  ['another column that is not there', 'create materialized view m as select nothing from places'],
])('stops for %s, since nothing says what is then missing', async (_, sql) => {
  await expect(replay([tables, sql], 'select 1')).rejects.toThrow(/--skip PATTERN; .*--ignore/)
})

it.each([
  ['addgeometrycolumn', `select addgeometrycolumn('places', 'more', 4326, 'POINT', 2)`],
  ['topology.CreateTopology', `SELECT "topology".CreateTopology('t')`],
  ['set_up', 'call set_up(1)'],
])('a call is left out, and named with what it may make: %s', async (name, sql) => {
  const { unknown, value, warnings } = await replay(
    [tables, `${sql}; alter table places add note text; ${sql}`],
    `select attname::text from pg_attribute where attname = 'note'`,
  )
  expect(unknown).toEqual([`routine ${name}`])
  expect(value).toBe('note')
  expect(warnings[0]).toMatch(
    /^0001_file: what it makes by .* is not expected: .* --ignore PATTERNS accepts it/,
  )
})

describe('in a prelude', () => {
  const later = 'alter table places add note text'
  const added = `select attname::text from pg_attribute where attname = 'note'`

  it('the extension alone serves the migrations', async () => {
    const made = 'create table places (id int, at geometry(point, 4326))'
    expect(await replay([made, later], added, 'CREATE EXTENSION postgis;')).toEqual({
      unknown: [],
      value: 'note',
      warnings: [],
    })
  })

  it('it may be in a schema of its own', async () => {
    const made = 'create table places (id int, at extensions.geometry(point, 4326))'
    const prelude = 'create schema extensions; create extension postgis with schema extensions'
    expect(await replay([made, later], added, prelude)).toMatchObject({ unknown: [], value: 'note' })
  })

  it('a dump of pg_dump is taken as it comes, rows too', async () => {
    const dump = `SELECT pg_catalog.set_config('search_path', '', false);
CREATE EXTENSION IF NOT EXISTS postgis WITH SCHEMA public;
COMMENT ON EXTENSION postgis IS 'PostGIS geometry and geography spatial types and functions';
CREATE FUNCTION public.near(p public.geometry) RETURNS double precision LANGUAGE sql STABLE AS $$ select public.st_x(p) $$;
ALTER FUNCTION public.near(p public.geometry) OWNER TO app;
CREATE TABLE public.places (id integer NOT NULL, at public.geometry(Point,4326) NOT NULL);
CREATE MATERIALIZED VIEW public.spots AS SELECT public.st_x(at) AS x FROM public.places WITH NO DATA;
ALTER TABLE public.spots OWNER TO app;
COPY public.places (id, at) FROM stdin;
1\t0101; drop table places;
\\.
COPY public.places (id, at) FROM stdin;
\\.
ALTER TABLE ONLY public.places ADD CONSTRAINT places_pkey PRIMARY KEY (id);
CREATE INDEX places_at_idx ON public.places USING gist (at);
CREATE INDEX spots_x ON public.spots USING btree (x);
REFRESH MATERIALIZED VIEW public.spots;
`
    expect(await replay([later], added, dump)).toEqual({
      unknown: [
        'routine public.near(geometry)',
        'materialized view public.spots',
        'index public.places_at_idx',
        'index public.spots_x',
      ],
      value: 'note',
      warnings: [],
    })
  })

  it('what is wrong for another reason stops it', async () => {
    await expect(
      replay([later], added, 'create extension postgis; create table a (b texxt(3) nul)'),
    ).rejects.toThrow(
      /before\.sql cannot be applied before the migrations: .*Correct it so that it runs in an empty database/,
    )
  })
})
