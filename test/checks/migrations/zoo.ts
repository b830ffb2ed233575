import type { TestMigrations } from './replay.ts'

/** Expressions that Postgres prints differently than they were written: where naive comparisons see a difference. */

/** [type, default] */
const defaults = [
  ['integer', '-1'],
  ['integer', "'5'"],
  ['smallint', '1 + 2 * 3'],
  ['bigint', '10 ^ 3'],
  ['numeric(6, 2)', '0'],
  ['numeric', '1e3'],
  ['real', '1.1'],
  ['double precision', "'NaN'"],
  ['double precision', '-1.5e-7'],
  ['money', "'1234.50'"],
  ['boolean', "'t'"],
  ['boolean', '(not false)'],
  ['text', "'it''s'"],
  ['text', "e'tab\\there'"],
  ['text', "'back\\slash'"],
  ['text', '\'<a href="x">&amp;</a>\''],
  ['text', "'snow ☃ man'"],
  ['text', "'one' || 'two'"],
  ['text', "coalesce(null, 'x')"],
  ['text', "nullif('a', 'b')"],
  ['text', "case when true then 'a' else 'b' end"],
  ['text', 'upper(current_user)'],
  ['text', 'session_user'],
  ['text', "current_setting('app.tenant', true)"],
  ['text', "to_char(now(), 'YYYY-MM')"],
  ['text', "substring('abc' from 2 for 1)"],
  ['text', "trim(both 'x' from 'xax')"],
  ['text', "overlay('abc' placing 'X' from 2)"],
  ['text', "position('b' in 'abc')::text"],
  ['text', 'null'],
  ['varchar(10)', "'short'"],
  ['varchar', "'a'::varchar(3)"],
  ['char(3)', "'ab'"],
  ['bytea', "'\\xdeadbeef'"],
  ['bit(3)', "b'101'"],
  ['bit varying(8)', "'11'"],
  ['date', 'current_date'],
  ['date', "'2024-02-29'"],
  ['date', "current_date + interval '1 month'"],
  ['date', "'infinity'"],
  ['time', 'localtime'],
  ['time with time zone', "'04:05:06+02'"],
  ['timestamp', "(now() at time zone 'utc')"],
  ['timestamp(0)', 'localtimestamp(0)'],
  ['timestamptz', 'current_timestamp(3)'],
  ['timestamptz', "'2024-03-31 02:30:00+01'"],
  ['timestamptz', "now() + '1 day'::interval"],
  ['timestamptz', "date_trunc('day', now(), 'Europe/Berlin')"],
  ['interval', "'1 year 2 months -3 days 04:05:06.7'"],
  ['interval', 'make_interval(days => 10)'],
  ['interval day to second(0)', "'1 2:3:4'"],
  ['integer[]', "'{}'"],
  ['integer[]', 'array[1, 2, 3]'],
  ['text[]', "array['a', 'b']::text[]"],
  ['text[]', '\'{"a b",NULL}\''],
  ['text[][]', 'array[]::text[]'],
  ['integer', '(array[1, 2])[1]'],
  ['jsonb', '\'{"a": [1, null]}\''],
  ['jsonb', "jsonb_build_object('k', 1)"],
  ['json', "'[]'"],
  ['uuid', 'gen_random_uuid()'],
  ['uuid', "'00000000-0000-0000-0000-000000000000'"],
  ['inet', "'10.0.0.1/8'"],
  ['macaddr', "'08:00:2b:01:02:03'"],
  ['point', "'(1,2)'"],
  ['box', "box(point '(0,0)', point '(1,1)')"],
  ['int4range', "'[1,10)'"],
  ['tstzrange', "tstzrange(now(), null, '[]')"],
  ['nummultirange', "'{[1,2),[3,4)}'"],
  ['tsvector', "to_tsvector('english', 'fat cats')"],
  ['regclass', "'pg_class'"],
  ['xml', "'<a/>'"],
  ['mood', "'happy'"],
  ['mood[]', "array['sad', 'happy']::mood[]"],
  ['positive', '7'],
  ['citext', "'MiXed'"],
  ['complex', "row(1, 'i')"],
  ['integer', "extract(year from date '2024-01-01')"],
  ['integer', "length('abc')"],
  ['integer', 'greatest(1, 2, 3)'],
  ['double precision', 'random()'],
] as const

/** CHECK constraints on `checked (a integer, b text, c varchar(20), d numeric, e date, f mood, g jsonb, h text[], i timestamptz)`. */
const checks = [
  'a between 1 and 10',
  'a not between 1 and 10',
  'a in (1, 2, 3)',
  'a not in (4, 5)',
  "b in ('x', 'y')",
  "c in ('x', 'y')",
  "c not in ('x', 'y')",
  "c = any (array['x', 'y'])",
  "c = any (array['x', 'y']::text[])",
  "c = 'x' or c = 'y'",
  "b like 'a%'",
  "b not like '%b'",
  "b ilike '_c%'",
  "b similar to 'a(b|c)'",
  "b ~ '^[a-z]+$'",
  "b !~* 'x'",
  "c ~ '\\d{3}'",
  "b like 'a!%' escape '!'",
  'a is distinct from 7',
  '(a is null) = (b is null)',
  'num_nonnulls(a, d) = 1',
  'not (a > 1 and d < 2)',
  'a > 1 and d < 2 or e is null',
  'd::integer % 2 = 0',
  'd > 0.5',
  'd between -1 and 1.5e2',
  "e > '2020-01-01'",
  "e < date '2030-01-01' + 30",
  "e - date '2000-01-01' > 0",
  "f in ('happy', 'sad')",
  "f <> 'sad'",
  "f::text = 'happy'",
  "g ? 'key'",
  "g ->> 'a' = 'b'",
  "(g #>> '{a,b}')::integer > 1",
  "jsonb_typeof(g) = 'object'",
  "h @> array['x']",
  "h <> '{}'",
  'array_length(h, 1) < 5',
  'cardinality(h) > 0',
  "'x' = any (h)",
  'char_length(btrim(b)) > 0',
  'lower(b) = b',
  'case when a > 0 then b is not null else true end',
  'coalesce(b, c) is not null',
  "i > timestamptz '2020-01-01 00:00:00+00'",
  "extract(hour from i at time zone 'utc') < 12",
  "i + interval '90 minutes' > i",
  '(a, d) > (1, 2)',
  'row(a, b) is not null',
  'a::bigint << 2 > 0',
  'b collate "C" > \'a\'',
  'b is normalized',
  'a = all (array[1, 1])',
] as const

/** Indexes on the same table. */
const indexes = [
  '(lower(b))',
  '((a + 1))',
  '(a desc nulls last, b asc nulls first)',
  '(b collate "C")',
  '(b text_pattern_ops)',
  'using gin (g)',
  'using gin (g jsonb_path_ops)',
  'using gin (h)',
  'using gin (b gin_trgm_ops)',
  "using gin (to_tsvector('english', b))",
  'using hash (b)',
  'using brin (e) with (pages_per_range = 64)',
  'using gist (int4range(a, a + 10))',
  'using btree (c) with (fillfactor = 70)',
  '(a) include (b, c)',
  "(a) where b = 'x'",
  "(a) where c in ('x', 'y')",
  "(a) where c = 'x' and d is not null",
  "(a) where f = 'happy'",
  "(a) where e > '2024-01-01'",
  "(a) where not (b like 'x%')",
  "((g ->> 'a'))",
  "((g -> 'a' ->> 'b')) where g ? 'a'",
  "(coalesce(a, 0), nullif(b, ''))",
  '((case when a > 1 then b else c::text end))',
  "(date_trunc('day', i at time zone 'UTC'))",
  '(extract(epoch from e))',
  "((b || ':' || c))",
] as const

/** Columns that are generated from the others. */
const generated = [
  ['text', "b || ' ' || c"],
  ['text', "coalesce(b, 'none')"],
  ['text', 'lower(b)'],
  ['numeric', 'd * 1.19'],
  ['integer', 'a::integer + 1'],
  ['boolean', "c in ('x', 'y')"],
  ['text', "case when a > 1 then 'many' else 'one' end"],
  ['tsvector', "to_tsvector('simple', coalesce(b, ''))"],
  ['text', "g ->> 'name'"],
] as const

const views = [
  'view plain as select a, b from checked',
  'view renamed (x, y) as select a, b from checked',
  'view starred as select * from checked',
  'view aliased as select k.a as n, k.b from checked k',
  "view filtered as select a from checked where b = 'x' and c in ('p', 'q') order by a desc limit 5",
  'view joined as select k.a, v.x from checked k join renamed v on v.x = k.a left join plain using (a)',
  "view with_query as with recent as (select a, e from checked where e > '2020-01-01') select r.a, count(*) from recent r group by r.a having count(*) > 1",
  'view counted as with recursive n (i) as (values (1) union all select i + 1 from n where i < 5) select i from n',
  'view windowed as select a, row_number() over (partition by b order by a desc) as place, sum(d) over w as total from checked window w as (order by e rows between 1 preceding and current row)',
  'view rolled as select b, c, sum(d) from checked group by rollup (b, c)',
  'view sets as select a from checked union all select x from renamed except select 1',
  'view lateral_join as select k.a, l.top from checked k cross join lateral (select max(z.d) as top from checked z where z.a = k.a) l',
  "view filtered_sum as select sum(d) filter (where b = 'x') as s, string_agg(b, ',' order by a) as names from checked",
  'view distinct_on as select distinct on (b) b, a from checked order by b, a',
  'view subqueries as select a, (select count(*) from renamed) as n from checked k where exists (select from plain p where p.a = k.a) and a = any (select x from renamed)',
  "view json_of as select jsonb_agg(jsonb_build_object('a', a)) as list, to_jsonb(k) as whole from checked k group by k.*",
  "view casts as select a::text as t, b::varchar(5) as v, '5'::integer as five, interval '1 day' as day, date '2024-01-01' as new_year from checked",
  'view sampled as select a from checked tablesample system (10)',
  "view times as select i at time zone 'Europe/Berlin' as local, extract(dow from i) as day, now() - i as age from checked",
  'view arrays as select h[1] as first, h[1:2] as some, unnest(h) as each from checked',
  "view functions as select g.n, s.value from generate_series(1, 3) with ordinality as g(n, o), string_to_table('a,b', ',') as s(value)",
  'view secured with (security_invoker = true, security_barrier = true) as select a from checked',
  'view updatable as select a, b from checked where a > 0 with cascaded check option',
  'materialized view stored as select b, count(*) as n from checked group by b',
  'materialized view stored_empty as select a from checked with no data',
] as const

const others = [
  `function sql_body(x integer) returns integer language sql immutable begin atomic select x + 1; end`,
  `function sql_query(x integer) returns bigint language sql begin atomic select count(*) from checked where a = x; end`,
  `function named(first text, second integer default 5, variadic rest text[] default '{}') returns text language sql as 'select first'`,
  `function rows_of() returns table (a integer, b text) language sql stable rows 10 as 'select a, b from checked'`,
  `function guarded() returns trigger language plpgsql security definer set search_path = '' as $body$ begin
  -- <tags> & "quotes"
  return new;
end $body$`,
  `procedure work(inout n integer) language plpgsql as $$ begin n := n + 1; end $$`,
  `aggregate total (integer) (sfunc = int4pl, stype = integer, initcond = '0')`,
  `trigger checked_guard before insert or update of a, b on checked for each row when (new.a > 0 and new.b is distinct from 'x') execute function guarded()`,
  `trigger checked_after after delete on checked referencing old table as gone for each statement execute function guarded()`,
  `constraint trigger checked_late after insert on checked deferrable initially deferred for each row execute function guarded()`,
  `rule checked_log as on insert to checked where new.a > 100 do also update checked set b = 'big' where a = new.a`,
  `rule checked_keep as on delete to renamed do instead nothing`,
  `policy tenants on checked for all to zoo_reader using (b = current_setting('app.tenant', true)) with check (a in (select x from renamed where y is not null))`,
  `policy own on checked as restrictive for select to public using (exists (select 1 from renamed r where r.x = checked.a and r.y = current_user))`,
  `policy named on checked for update to zoo_writer, zoo_reader using (true) with check (c in ('x', 'y'))`,
  `statistics dependent (dependencies, ndistinct) on a, b from checked`,
  `statistics of_expressions on (a + 1), (lower(b)) from checked`,
  `sequence counter as smallint increment -1 minvalue -100 maxvalue -1 start -1 cache 3 cycle`,
] as const

const table = `create table checked (a integer, b text, c varchar(20), d numeric, e date, f mood, g jsonb, h text[], i timestamptz)`

/** The zoo as migration files; `count` is the number of its expressions. */
export const zoo: TestMigrations & { readonly count: number } = {
  roles: ['zoo_reader', 'zoo_writer'],
  scope: {
    schemas: ['public', 'Odd "Schema"', 'auth'],
    extensions: ['citext', 'pg_trgm', 'btree_gist'],
    partitions: false,
  },
  files: [
    `create extension citext; create extension pg_trgm; create extension btree_gist;
create type mood as enum ('happy', 'it''s "so" so', 'sad');
create domain positive as integer default 1 not null constraint above_zero check (value > 0) check (value <> 13);
create domain postcode as text collate "C" check (value ~ '^\\d{5}$' or value like 'X%');
create type complex as (r double precision, i text collate "C");
create type span as range (subtype = timestamptz, subtype_diff = tstzrange_subdiff);`.replace(
      ', subtype_diff = tstzrange_subdiff',
      '',
    ),
    `create table defaults (id integer generated by default as identity (start with 10 increment by 5 minvalue 5 maxvalue 1000 cache 2 cycle) primary key,
${defaults.map(([type, value], i) => `d${i} ${type} default ${value}`).join(',\n')});
${table};
${checks.map((check, i) => `alter table checked add constraint check_${i} check (${check});`).join('\n')}
${indexes.map((index, i) => `create index index_${i} on checked ${index};`).join('\n')}
create table generated (a integer, b text, c text, d numeric, g jsonb,
${generated.map(([type, value], i) => `g${i} ${type} generated always as (${value}) stored`).join(',\n')});`,
    `${views.map((view) => `create ${view};`).join('\n')}
${others.map((other) => `create ${other};`).join('\n')}
alter table checked enable row level security;
comment on view plain is 'plain';`,
    `create schema "Odd ""Schema""";
create schema auth;
create table "Odd ""Schema""".select ("from" integer, "Mixed Case" text default 'a', "with ""quotes""" text, "ünïcode" text,
  constraint "Check It" check ("Mixed Case" <> "with ""quotes"""), primary key ("from"));
create index "Index On" on "Odd ""Schema""".select ("Mixed Case", lower("ünïcode"));
create table auth.users (id uuid primary key default gen_random_uuid(), parent uuid references auth.users on delete set null (parent),
  email citext not null unique, code postcode, during span, room integer,
  exclude using gist (room with =, during with &&) where (room > 0));
create table auth.sessions (user_id uuid references auth.users match full on update cascade deferrable initially deferred,
  number serial, small smallserial, big bigserial, unique nulls not distinct (user_id, number));
create table log (day date not null, kind text collate "C", entry text) partition by list (kind);
create table log_a partition of log for values in ('a', 'b') partition by range (day);
create table log_a_2026 partition of log_a for values from ('2026-01-01') to ('2027-01-01');
create table log_default partition of log default;
create index log_day on log (day, (lower(entry)));
create table spread (k integer, v text) partition by hash (k, lower(v));
create table base (x integer check (x > 0)); create table child (y integer) inherits (base);
create unlogged table fast (x integer) with (fillfactor = 50, autovacuum_enabled = false);
create table fk_to_parts (day date, kind text); create table parts (kind text, day date, primary key (kind)) partition by list (kind);
create table parts_a partition of parts for values in ('a'); create table parts_b partition of parts for values in ('b');
alter table fk_to_parts add constraint to_parts foreign key (kind) references parts (kind);
alter table checked replica identity full;
alter table checked alter column b set statistics 200, alter column b set storage external;
alter view plain alter column b set default 'x';
alter index index_0 rename to "Renamed Index";
alter table checked rename column e to happened;
alter table checked disable trigger checked_after;
alter table fast drop column x, add column z integer;
grant select on checked to zoo_reader;`,
  ],
  count: defaults.length + checks.length + indexes.length + generated.length + views.length + others.length,
}

/** The zoo without what a server of this version does not know: three things came with Postgres 15. */
export function zooFor(version: number): TestMigrations {
  if (version >= 15) return zoo
  const newIn15: readonly (readonly [text: string, before: string])[] = [
    ['security_invoker = true, ', ''],
    ['on delete set null (parent)', 'on delete set null'],
    ['unique nulls not distinct', 'unique'],
  ]
  return {
    ...zoo,
    files: zoo.files.map((file) => newIn15.reduce((text, [now, before]) => text.replace(now, before), file)),
  }
}
