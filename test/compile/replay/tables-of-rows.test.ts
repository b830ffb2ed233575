import { expect, it } from 'vitest'
import { queryAlone } from '../../../src/compile/replay/recovery/query-alone.ts'
import { tableOfRows } from '../../../src/compile/replay/recovery/tables-of-rows.ts'

const missing = (table: string, code = '42P01') =>
  Object.assign(new Error(`relation "${table}" does not exist`), { code })
const block = (execute: string) => `do $$ begin execute ${execute}; end $$`
const usage = [block(`'create table usage_' || r.name || ' (id int)'`)]

it.each([
  'alter table if exists only public."usage_a" add column x int',
  '-- why\nALTER TABLE usage_a ENABLE ROW LEVEL SECURITY;',
  'create unique index concurrently if not exists i on usage_a using btree (x)',
  'create index on usage_a (x)',
  'create or replace trigger t after insert on public.usage_a for each row execute function f()',
  'create policy p on usage_a using (true)',
  'drop policy if exists p on usage_a',
  `comment on table usage_a is 'x'`,
  `comment on column public.usage_a.x is 'x'`,
  'grant select, insert on table usage_a to public',
  'drop table usage_a cascade;',
])('is what a statement is about: %s', (statement) => {
  expect(tableOfRows(statement, missing('usage_a'), usage)).toBe('usage_a')
  expect(tableOfRows(statement, missing('public.usage_a'), usage)).toBe('usage_a')
  expect(tableOfRows(statement, missing('usage_a', '42703'), usage)).toBeUndefined()
  expect(tableOfRows(statement, missing('usage_a'), [block(`'create table bills_' || n`)])).toBeUndefined()
})

it.each([
  ['what refers to it', 'alter table orders add foreign key (a) references usage_a'],
  ['what is made of it', 'create view v as select * from usage_a'],
  ['what is made beside it', 'create table z (a int references usage_a)'],
  ['more than it', 'drop table usage_a, orders'],
])('is not %s', (_, statement) => {
  expect(tableOfRows(statement, missing('usage_a'), usage)).toBeUndefined()
})

it('has to be named by a text of the migrations where they make tables of any name', () => {
  const any = block(`format('create table %I (id int)', r.prefix || '_archive')`)
  const alter = (table: string, ...more: string[]) =>
    tableOfRows(`alter table ${table} add x int`, missing(table), [any, ...more])
  expect(alter('a_archive')).toBe('a_archive')
  expect(alter('a_archives')).toBeUndefined()
  expect(alter('tenant_a', `select make('tenant_')`)).toBe('tenant_a')
  expect(alter('tenant_a', `select make('t')`)).toBeUndefined()
  expect(alter('tenant_a', `select make('tenant a')`)).toBeUndefined()
})

it.each([
  ['insert into log select f(a) from b', 'select f(a) from b'],
  ['INSERT INTO log (t, "select") VALUES (f(1)) ON CONFLICT DO NOTHING', 'VALUES (f(1)) '],
  ['insert into log as l overriding system value table b returning l.id', 'table b '],
  [
    '-- why\nwith a as (select 1) insert into log select f(x) from a on b',
    '-- why\nwith a as (select 1) select f(x) from a on b',
  ],
  [
    'insert into log with a as (insert into b values (1) returning id) select id from a',
    'with a as (insert into b values (1) returning id) select id from a',
  ],
  ['insert into log default values', undefined],
  ['update log set t = f(1)', undefined],
  ['with a as (insert into b values (1) returning id) select id from a', undefined],
])('the query of %s', (statement, query) => {
  expect(queryAlone(statement)).toBe(query)
})
