import { expect, it } from 'vitest'
import { tablesMadeForRows } from '../../src/compile/made-for-rows.ts'

const block = (body: string) => `do $$ begin ${body}; end $$`

it.each([
  [`execute 'create table usage_' || r.name || ' (id int)'`, ['usage_*']],
  [`execute format('CREATE TABLE IF NOT EXISTS public.usage_%s (id int)', r.name)`, ['usage_*']],
  [`execute format('create unlogged table %I.orders (id int)', r.name)`, ['orders']],
  [`execute format('create table %I (id int)', 'usage_' || r.name)`, ['*']],
  [`execute format('create table "Usage %1$s" partition of x', a, 'b')`, ['Usage *']],
  [`execute 'create table ' || quote_ident(r.name) || '_old ()'`, ['*_old']],
  [`text := $x$create table logs_$x$ || year || $x$ ()$x$; execute text`, ['logs_*']],
  [
    `if exists (select from t) then create table Audits (); create table "B"."C d" (); end if`,
    ['C d', 'audits'],
  ],
  // Longer than a doubling of the time with every letter would allow.
  [`create table ${'a'.repeat(63)} (id int)`, ['a'.repeat(63)]],
  [`execute format('create table %s.${'b'.repeat(60)}_%s (id int)', a, b)`, [`${'b'.repeat(60)}_*`]],
  [`execute format('create temp table %I ()', r.name)`, []],
  [`raise notice 'table % is there', r.name; create index on t (a)`, []],
])('of a block: %s', (body, names) => {
  expect(tablesMadeForRows([block(body)])).toEqual(names)
})

it('of functions and procedures, however their body is quoted, and of nothing else', () => {
  expect(
    tablesMadeForRows([
      `create table plain (); create or replace function f() returns trigger language plpgsql as $f$ begin
        execute 'create table of_' || new.id || '()'; return new; end $f$;
       create procedure p() language plpgsql as 'begin execute ''create table in_'' || x; end';
       comment on table plain is 'create table never';`,
      block(`execute 'create table of_' || 1 || '()'`),
    ]),
  ).toEqual(['in_*', 'of_*'])
})
