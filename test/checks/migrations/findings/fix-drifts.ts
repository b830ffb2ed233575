import type { TestMigrations } from '../replay.ts'
import type { FixedDrift } from './run-fixes.ts'

/** What people have been given wrong fixes for, each in a table of its own where that is possible. */
export const shop: TestMigrations = {
  roles: [],
  scope: { schemas: ['public', 'sales'] },
  files: [
    `create table zone (id text primary key not null);
create table area (id text primary key not null, zone_id text references zone (id));
create table log (id bigint not null, at date not null, hash text) partition by range (at);
create table log_2026 partition of log for values from ('2026-01-01') to ('2027-01-01');
create index log_hash on log (hash);
create table doc (id text primary key not null, owner uuid);
create function may_see(who uuid, roles text[]) returns boolean language sql stable as $$ select true $$;
create policy see on doc for select to public using (may_see(owner, array['a']));
create table profiles (
  id text primary key not null,
  avatar text default 'https://cdn.shop.example/default.png' not null,
  last_ip text default '0.0.0.0' not null,
  token text not null);
create policy own on profiles as permissive for select to public using (token = current_setting('app.token', true));
create function docs() returns text language plpgsql as $$ begin /* see https://wiki.shop.example/x */ return 'https://wiki.shop.example/x'; end $$;`,
    `create type size as enum ('small', 'medium', 'large');
create type "Mixed Type" as (b integer, a text);
create domain positive as integer default 1 not null constraint is_positive check (value > 0);
create table item (
  z_last integer not null, id serial primary key, "Full name" text, size size default 'medium' not null, amount positive,
  spot "Mixed Type", code text, ref uuid, constraint item_code unique (code), constraint item_amount check (amount < 1000));
create unique index item_ref on item (ref);
create index item_size on item (size) where size = 'medium';
create table box (item_id integer, code text references item (code), ref uuid references item (ref), label text default 'public.item',
  constraint box_item foreign key (item_id) references item (id) on delete cascade);
create table pair (id serial primary key, a integer constraint pair_a unique, b integer constraint pair_b unique,
  c integer constraint pair_c unique, n serial, m serial, of_a integer constraint pair_of references pair (a));
create index pair_first on pair (a, b); create index "pair Second" on pair (b, a);
create function priced(i item) returns integer language sql stable as $$ select i.amount * 2 $$;
create function label_of(key integer) returns text language sql stable as $$ select label from box where item_id = key $$;
create function label_of(key text) returns text language sql stable begin atomic select label from box where code = key; end;
create aggregate most(integer) (sfunc = int4larger, stype = integer);
create trigger box_kept after insert on box for each row execute function suppress_redundant_updates_trigger();
create rule box_noted as on delete to box do also select 1;
create view items as select id, code from item;
create view boxed as select i.id, b.label from items i join box b on b.item_id = i.id;
create materialized view totals as select size, count(*) as n from item group by size;
create unique index totals_size on totals (size);
create function stamp() returns trigger language plpgsql as $$ declare r box%rowtype; begin return new; end $$;
create trigger item_stamp before update on item for each row execute function stamp();
alter table box enable row level security;
create policy box_seen on box using (label_of(item_id) is not null and code in (select code from item));`,
    `create schema sales;
create sequence sales.numbers;
create table sales.orders (id bigint generated always as identity (start 100) primary key, last_line integer, number bigint default nextval('sales.numbers'));
create table sales.lines (id integer primary key, order_id bigint not null references sales.orders (id));
alter table sales.orders add constraint orders_last_line foreign key (last_line) references sales.lines (id);
create function sales.count_lines(o sales.orders) returns bigint language sql stable as $$ select count(*) from sales.lines where order_id = o.id $$;
create view sales.open as select o.id, sales.count_lines(o.*) as lines from sales.orders o;`,
  ],
}

/** Drifts of that schema. */
export const shopDrifts: readonly FixedDrift[] = [
  {
    name: 'index of a partitioned table dropped',
    drift: 'drop index log_hash',
    left: [],
  },
  {
    name: 'index of a partitioned table that is invalid',
    drift: 'drop index log_hash; create index log_hash on only log (hash)',
    left: [],
  },
  {
    name: 'primary key dropped with the foreign key on it',
    drift: 'alter table zone drop constraint zone_pkey cascade',
    left: [],
  },
  {
    name: 'function dropped with the policy that calls it',
    drift: 'drop function may_see(uuid, text[]) cascade',
    left: [],
  },
  {
    name: 'required column that is extra',
    drift: 'alter table zone add n int not null',
    left: ['column public.zone.n'],
  },
  {
    name: 'defaults, a policy and a function with URLs',
    drift: `alter table profiles alter avatar set default 'https://evil.example/x.png', alter last_ip set default '10.0.0.1';
alter policy own on profiles using (true);
create or replace function docs() returns text language plpgsql as $$ begin return 'https://evil.example/x'; end $$;`,
    left: [],
  },
  {
    name: 'primary key and constraints renamed',
    drift: `alter table item rename constraint item_pkey to pk_item; alter table item rename constraint item_amount to amount_checked;
alter table box rename constraint box_item to fk_box_item; alter index item_ref rename to "Other index"`,
    left: [],
  },
  {
    name: 'unique constraints and indexes with swapped names',
    drift: `alter table pair rename constraint pair_a to x; alter table pair rename constraint pair_b to pair_a;
alter table pair rename constraint x to pair_b;
alter index pair_first rename to x; alter index "pair Second" rename to pair_first; alter index x rename to "pair Second"`,
    left: [],
  },
  {
    name: 'three unique constraints with the names of each other, beside a missing foreign key',
    drift: `alter table pair rename constraint pair_a to x; alter table pair rename constraint pair_b to pair_a;
alter table pair rename constraint pair_c to pair_b; alter table pair rename constraint x to pair_c; alter table pair drop constraint pair_of`,
    left: [],
  },
  {
    name: 'unique constraint and index that gave their names on',
    drift: `alter table pair rename constraint pair_a to z; alter table pair rename constraint pair_b to pair_a;
alter index pair_first rename to z_first; alter index "pair Second" rename to pair_first`,
    left: [],
  },
  {
    name: 'sequences renamed',
    drift: `alter sequence pair_id_seq rename to pair_numbers; alter sequence sales.numbers rename to figures;
alter sequence sales.orders_id_seq rename to orders_numbers`,
    left: [],
  },
  {
    name: 'sequences with swapped names, in one table and in two',
    drift: `alter sequence pair_id_seq rename to x; alter sequence pair_n_seq rename to pair_id_seq; alter sequence x rename to pair_n_seq;
alter sequence item_id_seq rename to x; alter sequence pair_m_seq rename to item_id_seq; alter sequence x rename to pair_m_seq`,
    left: [],
  },
  {
    name: 'sequence of the name of a missing one, which its own table misses',
    drift: `alter sequence item_id_seq rename to x; alter sequence pair_m_seq rename to item_id_seq`,
    left: [],
  },
  {
    name: 'trigger, rule and policy renamed',
    drift: `alter trigger box_kept on box rename to kept; alter rule box_noted on box rename to noted; alter policy own on profiles rename to mine`,
    left: [],
  },
  {
    name: 'column of another type, with what was written for its own',
    drift: `alter table item drop constraint item_amount; alter table item alter amount drop default; alter table item alter amount type text;
drop function priced(item); create function priced(i item) returns text language sql stable as $$ select 'a' $$`,
    left: [
      'column public.item.amount',
      'constraint public.item.item_amount',
      'routine public.priced(public.item)',
    ],
  },
  {
    name: 'unique constraint replaced by an index of its name',
    drift: 'alter table item drop constraint item_code cascade; create unique index item_code on item (code)',
    left: [],
  },
  {
    name: 'unique index dropped with the foreign key on it',
    drift: 'drop index item_ref cascade',
    left: [],
  },
  {
    name: 'primary key replaced by another',
    drift:
      'alter table zone drop constraint zone_pkey cascade; alter table zone add n int; alter table zone add constraint zone_n primary key (n)',
    left: ['column public.zone.n'],
  },
  {
    name: 'primary key with one more column, which it requires',
    drift:
      'alter table area drop constraint area_pkey; alter table area add constraint area_pkey primary key (id, zone_id)',
    left: ['column public.area.zone_id', 'constraint public.area.area_pkey'],
  },
  {
    name: 'extra foreign key on an extra unique constraint',
    drift:
      'alter table box add constraint box_label unique (label); alter table item add constraint a_first foreign key (code) references box (label)',
    left: [],
  },
  {
    name: 'serial column dropped',
    drift: 'insert into item (z_last, amount) values (1, 1); alter table item drop column id cascade',
    left: [],
  },
  {
    name: 'sequence of a serial column dropped',
    drift: 'insert into item (z_last, amount) values (1, 1), (1, 1); drop sequence item_id_seq cascade',
    left: [],
  },
  {
    name: 'sequence and table in another schema dropped',
    drift: 'drop sequence sales.numbers cascade; drop table sales.lines cascade',
    left: [],
  },
  {
    name: 'enum value renamed that a default and an index use',
    drift: `alter type size rename value 'medium' to 'middle'`,
    left: [],
  },
  {
    name: 'table dropped with types, views, routines and foreign keys',
    drift: `drop table item cascade; drop type size, "Mixed Type"; drop domain positive`,
    left: [],
  },
  {
    name: 'table dropped beside the table of a known tool',
    drift: 'drop table doc; create table alembic_version (version text)',
    left: ['table public.alembic_version'],
  },
  {
    name: 'view dropped with a view on it',
    drift: 'drop view items cascade',
    left: [],
  },
  {
    name: 'column dropped with a view, and the views on that',
    drift: 'alter table item drop column code cascade',
    left: [],
  },
  {
    name: 'required column dropped: nothing that needs it is offered',
    drift: `create index z on item (z_last); drop index z; alter table item drop column z_last`,
    left: ['column public.item.z_last'],
  },
  {
    name: 'one of two functions of a name dropped',
    drift: 'drop function label_of(integer) cascade',
    left: [],
  },
  {
    name: 'function with a parsed body dropped',
    drift: 'drop function label_of(text)',
    left: [],
  },
  {
    name: 'aggregate dropped',
    drift: 'drop aggregate most(integer)',
    left: ['routine public.most(integer)'],
  },
  {
    name: 'function with other argument names',
    drift: `drop function label_of(integer) cascade; create function label_of(k integer) returns text language sql stable as $$ select label from box where item_id = k $$;
create policy box_seen on box using (label_of(item_id) is not null and code in (select code from item))`,
    left: ['routine public.label_of(integer)'],
  },
  {
    name: 'trigger function dropped with its trigger',
    drift: 'drop function stamp() cascade',
    left: [],
  },
  {
    name: 'materialized view dropped',
    drift: 'drop materialized view totals',
    left: [],
  },
  {
    name: 'schema dropped with tables that refer to each other',
    drift: 'drop schema sales cascade',
    // Each waits for the other. A script makes the tables first, and then what refers to them.
    left: [
      'routine sales.count_lines(sales.orders)',
      'table sales.lines',
      'table sales.orders',
      'view sales.open',
    ],
    leftByScript: [],
  },
  {
    name: 'index of the name of a missing one on another table',
    drift: 'drop index item_size; create index item_size on box (label)',
    left: [],
  },
]
