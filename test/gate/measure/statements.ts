/**
 * What Postgres does for each kind of statement: locks on what existed before, rewrites, full reads, index builds. Each case
 * was observed on Postgres 15 to 18 with rows; the tests ask the embedded one and the real ones again.
 */

/** What every case starts from. `t` stands for an existing table: six indexes, a child with a foreign key, views. */
export const setUp = `
create type mood as enum ('a', 'b');
create domain word as text;
create domain plain_text as text;
create domain positive as integer check (value > 0);
create table parent (id integer primary key, name text);
create table t (
  id integer primary key, v10 varchar(10), txt text, n integer not null default 0, num numeric(10, 2),
  ts timestamp, ts3 timestamp(3), en mood, js json, ch char(5), parent_id integer, dom word,
  nullable integer, proven integer, digits text, made text, viewed text,
  constraint proven_is_there check (proven is not null), constraint n_is_small check (n < 1000000)
);
create index t_v10 on t (v10);
create index t_txt on t (txt);
create index t_n on t (n);
create index t_ts on t (ts);
create index t_ts3 on t (ts3);
create table child (id integer primary key, t_id integer references t (id), parent_id integer, late integer);
alter table child add constraint late_is_there check (late is not null) not valid;
alter table child add constraint late_is_small check (late < 100) not valid;
alter table child add constraint child_parent foreign key (parent_id) references parent (id) not valid;
create view vw as select viewed from t;
create materialized view mv as select id, n from t;
create unique index mv_id on mv (id);
create table nopk (id integer not null, note text);
create unique index nopk_id on nopk (id);
create table s3 (id integer not null, note text);
create table s4 (id integer not null, note text, constraint s4_bounds check (id >= 300 and id < 400));
create table rlst (id integer primary key);
create policy rlst_all on rlst using (true);
create unlogged table ul (id integer primary key);
create sequence sq;
create table pt (id integer not null, note text) partition by range (id);
create table p1 partition of pt for values from (0) to (100);
create table p2 partition of pt for values from (100) to (200);
create table pdef partition of pt default;
create function nothing() returns trigger language plpgsql as 'begin return new; end';
create trigger tr before update on t for each row execute function nothing();
create schema other;
`

/** Rows for the real servers: with them, a counter that only moves when a row is read moves. */
export const rows = `
insert into parent select i, 'p' || i from generate_series(1, 50) i;
insert into t select i, 'v', 'x', i, 1.5, '2026-01-01', '2026-01-01', 'a', '{}', 'c', 1, 'w', 1, 1, '1', 'm', 'v'
  from generate_series(1, 200) i;
insert into child select i, i, 1, 1 from generate_series(1, 50) i;
insert into nopk select i, 'n' from generate_series(1, 50) i;
insert into rlst select generate_series(1, 50);
insert into ul select generate_series(1, 50);
insert into pt select i, 'p' from generate_series(1, 199) i;
refresh materialized view mv;
analyze;
`

/** `AS RS RX SUX S SRX X AX`, from the weakest to the strongest. */
export interface Statement {
  readonly sql: string
  /** `t AX+S; child SRX`: relations and the modes that are taken on them. */
  readonly locks: string
  readonly rewrite?: string
  readonly scan?: string
  /** `t 6`: table and how many indexes are built. */
  readonly build?: string
  readonly rows?: string
  readonly empties?: string
  readonly drops?: string
  /** Tables that wait since one of their indexes is locked. */
  readonly index?: string
  /** Versions that know it. [15 to 18] */
  readonly from?: number
  /** Where it needs a table without rows: it fails on rows. */
  readonly onlyEmpty?: boolean
  /**
   * What real servers with rows do differently, up to this version where it is a matter of the version: a join reads its
   * second table only when the first has rows, foreign keys are checked row by row, and 18 locks the table for a GRANT.
   */
  readonly real?: { readonly until?: number; readonly locks?: string; readonly scan?: string }
  readonly before?: string
}

const rewriteOfT = { rewrite: 't', scan: 't', build: 't 6' }

export const statements: Readonly<Record<string, Statement>> = {
  // Columns.
  'add column nullable': { sql: 'alter table t add column c text', locks: 't AX' },
  'add column default const': { sql: `alter table t add column c text default 'x'`, locks: 't AX' },
  'add column not null default const': {
    sql: `alter table t add column c text not null default 'x'`,
    locks: 't AX',
  },
  'add column not null no default': {
    sql: 'alter table t add column c text not null',
    locks: 't AX',
    scan: 't',
    onlyEmpty: true,
  },
  'add column default now()': { sql: 'alter table t add column c timestamptz default now()', locks: 't AX' },
  'add column default gen_random_uuid()': {
    sql: 'alter table t add column c uuid default gen_random_uuid()',
    locks: 't AX+S',
    ...rewriteOfT,
  },
  'add column default clock_timestamp()': {
    sql: 'alter table t add column c timestamptz default clock_timestamp()',
    locks: 't AX+S',
    ...rewriteOfT,
  },
  'add column serial': { sql: 'alter table t add column c serial', locks: 't AX+S+AS', ...rewriteOfT },
  'add column identity': {
    sql: 'alter table t add column c integer generated always as identity',
    locks: 't AX+S+AS',
    ...rewriteOfT,
  },
  'add column generated stored': {
    sql: 'alter table t add column c integer generated always as (n + 1) stored',
    locks: 't AX+S',
    ...rewriteOfT,
  },
  'add column generated tsvector': {
    sql: `alter table t add column c tsvector generated always as (to_tsvector('simple', txt)) stored`,
    locks: 't AX+S',
    ...rewriteOfT,
  },
  'add column generated virtual': {
    sql: 'alter table t add column c integer generated always as (n + 1) virtual',
    locks: 't AX',
    from: 18,
  },
  'add column with check': {
    sql: 'alter table t add column c integer check (c > 0)',
    locks: 't AX',
    scan: 't',
  },
  'add column default and check': {
    sql: 'alter table t add column c integer default 1 check (c > 0)',
    locks: 't AX',
    scan: 't',
  },
  'add column unique': {
    sql: 'alter table t add column c text unique',
    locks: 't AX+S',
    scan: 't',
    build: 't 1',
  },
  'add column references': {
    sql: 'alter table t add column c integer references parent (id)',
    locks: 't AX+SRX+AS; parent SRX+AS',
  },
  'add column primary key': {
    sql: 'alter table nopk add column c serial primary key',
    locks: 'nopk AX+S+AS',
    rewrite: 'nopk',
    scan: 'nopk',
    build: 'nopk 2',
  },
  'add column of a domain with check': {
    sql: 'alter table t add column c positive',
    locks: 't AX+S',
    ...rewriteOfT,
  },
  'add column of a plain domain': { sql: 'alter table t add column c word', locks: 't AX' },
  'add column enum default const': { sql: `alter table t add column c mood default 'a'`, locks: 't AX' },
  // Types.
  'type varchar(10) to varchar(20), indexed': {
    sql: 'alter table t alter v10 type varchar(20)',
    locks: 't AX+S',
  },
  'type varchar(10) to varchar(5)': {
    sql: 'alter table t alter v10 type varchar(5)',
    locks: 't AX+S',
    ...rewriteOfT,
  },
  'type varchar(10) to text, indexed': { sql: 'alter table t alter v10 type text', locks: 't AX+S' },
  'type text to varchar(255), indexed': {
    sql: 'alter table t alter txt type varchar(255)',
    locks: 't AX+S',
    ...rewriteOfT,
  },
  'type text to varchar without a length': { sql: 'alter table t alter txt type varchar', locks: 't AX+S' },
  'type int to bigint, indexed': {
    sql: 'alter table t alter n type bigint',
    locks: 't AX+S',
    before: 'drop materialized view mv',
    ...rewriteOfT,
  },
  'type of a primary key with a child': {
    sql: 'alter table t alter id type bigint',
    locks: 't AX+SRX+S+RS+AS; child AX+SRX+AS',
    before: 'drop materialized view mv',
    ...rewriteOfT,
    scan: 't child',
  },
  'type numeric(10,2) to numeric(12,2)': {
    sql: 'alter table t alter num type numeric(12, 2)',
    locks: 't AX',
  },
  'type numeric(10,2) to numeric': { sql: 'alter table t alter num type numeric', locks: 't AX' },
  'type numeric(10,2) to numeric(12,4)': {
    sql: 'alter table t alter num type numeric(12, 4)',
    locks: 't AX+S',
    ...rewriteOfT,
  },
  'type timestamp to timestamptz, TimeZone UTC': {
    sql: 'alter table t alter ts type timestamptz',
    locks: 't AX+S',
    scan: 't',
    build: 't 1',
    before: `set timezone = 'UTC'`,
  },
  'type timestamp to timestamptz, TimeZone Berlin': {
    sql: 'alter table t alter ts type timestamptz',
    locks: 't AX+S',
    ...rewriteOfT,
    before: `set timezone = 'Europe/Berlin'`,
  },
  'type timestamp to timestamptz using at time zone': {
    sql: `alter table t alter ts type timestamptz using ts at time zone 'UTC'`,
    locks: 't AX+S',
    ...rewriteOfT,
  },
  'type timestamp to timestamp(3)': {
    sql: 'alter table t alter ts type timestamp(3)',
    locks: 't AX+S',
    ...rewriteOfT,
  },
  'type timestamp(3) to timestamp': { sql: 'alter table t alter ts3 type timestamp', locks: 't AX+S' },
  'type text to int using': {
    sql: 'alter table t alter digits type integer using digits::integer',
    locks: 't AX+S',
    ...rewriteOfT,
  },
  'type enum to text': { sql: 'alter table t alter en type text', locks: 't AX+S', ...rewriteOfT },
  'type text to enum using': {
    sql: `alter table t alter made type mood using 'a'::mood`,
    locks: 't AX+S',
    ...rewriteOfT,
  },
  'type json to jsonb': { sql: 'alter table t alter js type jsonb', locks: 't AX+S', ...rewriteOfT },
  'type text to uuid using': {
    sql: 'alter table t alter made type uuid using gen_random_uuid()',
    locks: 't AX+S',
    ...rewriteOfT,
  },
  'type char(5) to text': { sql: 'alter table t alter ch type text', locks: 't AX+S', ...rewriteOfT },
  'type to a domain over the same type': { sql: 'alter table t alter txt type plain_text', locks: 't AX+S' },
  'type to the same type': { sql: 'alter table t alter txt type text', locks: 't AX+S' },
  'type with a new default, as drizzle-kit recreates an enum': {
    sql: `alter table t alter en set data type text, alter en set default 'a'`,
    locks: 't AX+S',
    ...rewriteOfT,
  },
  collation: {
    sql: 'alter table t alter txt type text collate "C"',
    locks: 't AX+S',
    scan: 't',
    build: 't 1',
  },
  // NOT NULL and defaults.
  'set not null': { sql: 'alter table t alter nullable set not null', locks: 't AX', scan: 't' },
  'set not null, proven by a valid check': { sql: 'alter table t alter proven set not null', locks: 't AX' },
  'set not null, a check that is not valid proves nothing': {
    sql: 'alter table child alter late set not null',
    locks: 'child AX',
    scan: 'child',
  },
  'set not null, already': { sql: 'alter table t alter n set not null', locks: 't AX' },
  'drop not null': { sql: 'alter table t alter n drop not null', locks: 't AX' },
  'set default': { sql: 'alter table t alter n set default 5', locks: 't AX' },
  'drop default': { sql: 'alter table t alter n drop default', locks: 't AX' },
  'set default volatile': {
    sql: 'alter table t alter made set default clock_timestamp()::text',
    locks: 't AX',
  },
  // Constraints.
  'add check': { sql: 'alter table t add constraint c check (nullable < 100000)', locks: 't AX', scan: 't' },
  'add check not valid': {
    sql: 'alter table t add constraint c check (nullable > 0) not valid',
    locks: 't AX',
  },
  'validate check': {
    sql: 'alter table child validate constraint late_is_small',
    locks: 'child SUX',
    scan: 'child',
  },
  'add check not valid and validate': {
    sql: 'alter table t add constraint c check (nullable > 0) not valid; alter table t validate constraint c',
    locks: 't AX+SUX',
    scan: 't',
  },
  'add not null not valid': {
    sql: 'alter table t add constraint c not null nullable not valid',
    locks: 't AX',
    from: 18,
  },
  'drop constraint check': { sql: 'alter table t drop constraint n_is_small', locks: 't AX' },
  'add foreign key': {
    sql: 'alter table t add foreign key (parent_id) references parent (id)',
    locks: 't SRX+AS; parent SRX+RS+AS',
    scan: 't',
    real: { scan: 'parent t' },
  },
  'add foreign key not valid': {
    sql: 'alter table t add foreign key (parent_id) references parent (id) not valid',
    locks: 't SRX+AS; parent SRX+AS',
  },
  'validate foreign key': {
    sql: 'alter table child validate constraint child_parent',
    locks: 'child SUX+AS; parent RS+AS',
    scan: 'child',
    real: { scan: 'child parent' },
  },
  'drop foreign key': { sql: 'alter table child drop constraint child_t_id_fkey', locks: 'child AX; t AX' },
  'create table with a foreign key': {
    sql: 'create table new_one (id integer references t (id))',
    locks: 't SRX+AS',
  },
  'create table, then add the foreign key': {
    sql: 'create table new_one (id integer); alter table new_one add foreign key (id) references t (id)',
    locks: 't SRX+RS+AS',
  },
  'create table': { sql: 'create table new_one (id integer primary key, body text unique)', locks: '' },
  'add unique': { sql: 'alter table t add unique (n, id)', locks: 't AX+S', scan: 't', build: 't 1' },
  'add unique using index': { sql: 'alter table nopk add unique using index nopk_id', locks: 'nopk AX' },
  'add primary key': {
    sql: 'alter table nopk add primary key (id)',
    locks: 'nopk AX+S',
    scan: 'nopk',
    build: 'nopk 1',
  },
  'add primary key on a nullable column': {
    sql: 'alter table s3 add primary key (note)',
    locks: 's3 AX+S',
    scan: 's3',
    build: 's3 1',
  },
  'add primary key using index': {
    sql: 'alter table nopk add primary key using index nopk_id',
    locks: 'nopk AX',
  },
  'drop primary key': { sql: 'alter table ul drop constraint ul_pkey', locks: 'ul AX' },
  'add exclusion': {
    sql: 'alter table t add exclude using btree (id with =)',
    locks: 't AX+S',
    scan: 't',
    build: 't 1',
  },
  // Indexes.
  'create index': { sql: 'create index on t (num)', locks: 't S', scan: 't', build: 't 1' },
  'create unique index': { sql: 'create unique index on t (n, id)', locks: 't S', scan: 't', build: 't 1' },
  'create index on an expression': {
    sql: 'create index on t (lower(txt))',
    locks: 't S',
    scan: 't',
    build: 't 1',
  },
  'create index partial': {
    sql: 'create index on t (num) where n > 5',
    locks: 't S',
    scan: 't',
    build: 't 1',
  },
  'create index gin': {
    sql: `create index on t using gin (to_tsvector('simple', txt))`,
    locks: 't S',
    scan: 't',
    build: 't 1',
  },
  'create index on partitioned': {
    sql: 'create index on pt (note)',
    locks: 'pt S; p1 S; p2 S; pdef S',
    scan: 'p1 p2 pdef',
    build: 'p1 1; p2 1; pdef 1',
  },
  'create index if not exists': { sql: 'create index if not exists t_n on t (n)', locks: 't S' },
  'drop index': { sql: 'drop index t_n', locks: 't AX', index: '' },
  'alter index rename': { sql: 'alter index t_n rename to t_n_renamed', locks: '' },
  'reindex index': { sql: 'reindex index t_n', locks: 't S', scan: 't', build: 't 1', index: 't' },
  'reindex table': { sql: 'reindex table t', locks: 't S', scan: 't', build: 't 6', index: 't' },
  // Dropping and renaming.
  'drop column': { sql: 'alter table t drop column made', locks: 't AX' },
  'drop column cascade': {
    sql: 'alter table t drop column viewed cascade',
    locks: 't AX; vw AX',
    drops: 'vw',
  },
  'drop table': { sql: 'drop table rlst', locks: 'rlst AX', drops: 'rlst' },
  'drop table with foreign keys': {
    sql: 'drop table child',
    locks: 'child AX; t AX; parent AX',
    drops: 'child',
  },
  'drop table cascade': {
    sql: 'drop table t cascade',
    locks: 't AX; child AX; mv AX; vw AX',
    drops: 't mv vw',
  },
  'rename column': { sql: 'alter table t rename column made to renamed', locks: 't AX' },
  'rename table': { sql: 'alter table t rename to renamed', locks: 't AX' },
  'rename constraint': { sql: 'alter table t rename constraint n_is_small to renamed', locks: 't AX' },
  'set schema': { sql: 'alter table rlst set schema other', locks: 'rlst AX' },
  // Views.
  'create view': { sql: 'create view new_one as select id from t', locks: 't AS' },
  'create or replace view': {
    sql: 'create or replace view vw as select viewed from t where n > 1',
    locks: 't AS; vw AX',
  },
  'drop view': { sql: 'drop view vw', locks: 'vw AX', drops: 'vw' },
  'create materialized view': {
    sql: 'create materialized view new_one as select id from t',
    locks: 't AS',
    scan: 't',
  },
  'create materialized view with no data': {
    sql: 'create materialized view new_one as select id from t with no data',
    locks: 't AS',
  },
  'refresh materialized view': {
    sql: 'refresh materialized view mv',
    locks: 't AS; mv AX+X+S',
    rewrite: 'mv',
    scan: 'mv t',
    build: 'mv 1',
    real: { until: 15, locks: 't AS; mv AX+X+S+AS' },
  },
  'refresh materialized view concurrently': {
    sql: 'refresh materialized view concurrently mv',
    locks: 't AS; mv X+RX+AS',
    scan: 'mv t',
    rows: 'mv',
  },
  'drop materialized view': { sql: 'drop materialized view mv', locks: 'mv AX', drops: 'mv' },
  // Triggers, policies, rules.
  'create trigger': {
    sql: 'create trigger new_one before insert on t for each row execute function nothing()',
    locks: 't SRX',
  },
  'disable trigger all': { sql: 'alter table t disable trigger all', locks: 't SRX' },
  'drop trigger': { sql: 'drop trigger tr on t', locks: 't AX+AS' },
  'enable row level security': { sql: 'alter table rlst enable row level security', locks: 'rlst AX' },
  'create policy': { sql: 'create policy new_one on rlst using (id > 1)', locks: 'rlst AX' },
  'alter policy': { sql: 'alter policy rlst_all on rlst using (id > 2)', locks: 'rlst AX' },
  'drop policy': { sql: 'drop policy rlst_all on rlst', locks: 'rlst AX+AS' },
  'create rule': { sql: 'create rule new_one as on insert to rlst do also notify x', locks: 'rlst AX' },
  // Types, functions, extensions.
  'enum add value': { sql: `alter type mood add value 'z'`, locks: '' },
  'enum rename value': { sql: `alter type mood rename value 'a' to 'y'`, locks: '' },
  'create type': { sql: `create type new_one as enum ('x')`, locks: '' },
  'alter type rename': { sql: 'alter type mood rename to renamed', locks: '' },
  'alter domain add check': { sql: `alter domain word add check (value <> '')`, locks: 't S', scan: 't' },
  'create function': {
    sql: `create function new_one() returns integer language sql as 'select 1'`,
    locks: '',
  },
  // Partitions.
  'attach partition': {
    sql: 'alter table pt attach partition s3 for values from (200) to (300)',
    locks: 'pt SUX; pdef AX; s3 AX',
    scan: 'pdef s3',
  },
  'attach partition, proven by a check': {
    sql: 'alter table pt attach partition s4 for values from (300) to (400)',
    locks: 'pt SUX; pdef AX; s4 AX',
    scan: 'pdef',
  },
  'detach partition': { sql: 'alter table pt detach partition p2', locks: 'pt AX; p2 AX; pdef AX' },
  'create table partition of': {
    sql: 'create table new_one partition of pt for values from (500) to (600)',
    locks: 'pt AX; pdef AX',
    scan: 'pdef',
  },
  inherit: { sql: 'alter table s3 inherit nopk', locks: 'nopk SUX; s3 AX' },
  // Whole tables.
  cluster: { sql: 'cluster t using t_pkey', locks: 't AX+S', ...rewriteOfT },
  analyze: { sql: 'analyze t', locks: 't SUX' },
  'set unlogged': {
    sql: 'alter table rlst set unlogged',
    locks: 'rlst AX+S',
    rewrite: 'rlst',
    scan: 'rlst',
    build: 'rlst 1',
  },
  'set logged': {
    sql: 'alter table ul set logged',
    locks: 'ul AX+S',
    rewrite: 'ul',
    scan: 'ul',
    build: 'ul 1',
  },
  'set tablespace to the same': { sql: 'alter table t set tablespace pg_default', locks: 't AX' },
  'set storage parameters': { sql: 'alter table t set (fillfactor = 90)', locks: 't SUX' },
  'set statistics': { sql: 'alter table t alter n set statistics 200', locks: 't SUX' },
  'set storage': { sql: 'alter table t alter txt set storage external', locks: 't AX' },
  'replica identity': { sql: 'alter table t replica identity full', locks: 't AX' },
  'owner to': { sql: 'alter table t owner to current_user', locks: 't AX' },
  'lock table': { sql: 'lock table t', locks: 't AX' },
  truncate: { sql: 'truncate rlst', locks: 'rlst AX+S', empties: 'rlst' },
  'truncate cascade': { sql: 'truncate t cascade', locks: 't AX+S; child AX+S', empties: 't child' },
  // Rows: what is read depends on the plan, which an empty table does not tell, so `scan` is not compared.
  'update whole table': { sql: `update t set txt = 'y'`, locks: 't RX', rows: 't' },
  'update where indexed': { sql: `update t set txt = 'y' where id = 1`, locks: 't RX', rows: 't' },
  'update from a join': {
    sql: 'update t set made = p.name from parent p where p.id = t.parent_id',
    locks: 't RX; parent AS',
    rows: 't',
  },
  'insert select': {
    sql: `insert into parent select id + 10000, 'new' from t`,
    locks: 'parent RX; t AS',
    rows: 'parent',
  },
  'insert values': { sql: `insert into parent values (9999, 'new')`, locks: 'parent RX', rows: 'parent' },
  'delete whole': { sql: 'delete from child', locks: 'child RX', rows: 'child' },
  'delete referenced': {
    sql: 'delete from t where id > 150',
    locks: 't RX',
    rows: 't',
    real: { locks: 't RX+RS; child RS' },
  },
  'do block with ddl': {
    sql: 'do $$ begin alter table t alter nullable set not null; end $$',
    locks: 't AX',
    scan: 't',
  },
  'do block with update': { sql: `do $$ begin update t set txt = 'z'; end $$`, locks: 't RX', rows: 't' },
  // The rest.
  grant: { sql: 'grant select on t to public', locks: 't AS', real: { until: 17, locks: '' } },
  revoke: { sql: 'revoke select on t from public', locks: 't AS', real: { until: 17, locks: '' } },
  'comment on table': { sql: `comment on table t is 'x'`, locks: 't SUX' },
  'comment on column': { sql: `comment on column t.n is 'x'`, locks: 't SUX' },
  'create sequence owned': { sql: 'create sequence new_one owned by t.n', locks: 't AS' },
  setval: { sql: `select setval('sq', 5)`, locks: 'sq RX' },
  'alter sequence': { sql: 'alter sequence sq increment by 5', locks: 'sq SRX+RX' },
  'add identity to an existing column': {
    sql: 'alter table t alter n drop default; alter table t alter n add generated by default as identity',
    locks: 't AX+AS',
  },
  'drop identity': { sql: 'alter table t alter n drop identity if exists', locks: 't AX' },
  'create statistics': { sql: 'create statistics new_one on n, num from t', locks: 't SUX' },
  'create publication': { sql: 'create publication new_one for table t', locks: 't SUX' },
  'several clauses at once': {
    sql: 'alter table t add column c text, alter nullable set not null, alter v10 type varchar(20)',
    locks: 't AX+S',
    scan: 't',
  },
}
