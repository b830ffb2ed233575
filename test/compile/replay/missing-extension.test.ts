/** What PostGIS brings and the embedded Postgres does not have, wherever it stands in migrations and preludes. */
import { describe, expect, it } from 'vitest'
import { readMigrations } from '../../../src/compile/migrations/read-migrations.ts'
import { notComparable } from '../../../src/compile/replay/missing-extension.ts'
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
  ['a column that is computed', 'alter table places add x float generated always as (st_x(at)) stored'],
  ['what a function makes', `select addgeometrycolumn('places', 'more', 4326, 'POINT', 2)`],
  ['another column that is not there', 'create materialized view m as select nothing from places'],
])('stops for %s, since nothing says what is then missing', async (_, sql) => {
  await expect(replay([tables, sql], 'select 1')).rejects.toThrow(/--skip PATTERN; .*--ignore/)
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
