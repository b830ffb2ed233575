import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type PGlite, startEmbeddedPostgres } from '../../../src/compile/replay/embedded-postgres.ts'
import { insertedBy } from '../../../src/gate/judge/inserted-rows.ts'
import { huge, runScenario } from '../scenario.ts'

describe('the text of an INSERT says how many rows it adds', () => {
  it.each([
    ['insert into t values (1)', 't', 1],
    [
      `INSERT INTO "public"."t" ("id", "name") VALUES (1, 'a),('), (2, (select 3)), (3, f(4));`,
      'public.t',
      3,
    ],
    ['insert into t (a) values (1), (2) on conflict (a) do update set a = 1 returning (a)', 't', 2],
    ['insert into "values" (a) values (1), (2)', 'values', 2],
    ['insert into t default values', 't', 1],
    ['insert into t select 1 where not exists (select from t)', 't', 1],
    ['insert into t select 1 union all select 2', 't', 2],
    ['insert into t (a) (values (1), (2))', 't', 2],
    ['insert into t ("values") values (1), (2)', 't', 2],
    ['insert into t ("from", "to") (select 1, 2)', 't', 1],
    ['insert into t as preselect (a) values (1), (2)', 't', 2],
    ['insert into t as selected (a) values (1), (2)', 't', 2],
    ['insert into public."table" values (1)', 'public.table', 1],
  ])('%s', (sql, table, rows) => {
    expect(insertedBy(sql)).toEqual({ table, rows, sources: [] })
  })

  it('or what it reads', () => {
    expect(insertedBy('insert into t select a.id from only a join public."B" on true')).toEqual({
      table: 't',
      rows: undefined,
      sources: ['a', 'public.B'],
    })
  })

  it.each([
    ['insert into t select a.id, 1 from a, public.b, c where a.id in (1, 2)', ['a', 'public.b', 'c']],
    ['insert into t select a.id from a join b on a.id = f(b.id, 1), c order by 1, 2', ['a', 'b', 'c']],
    ['insert into t select x, y from (select x, y from a) s, b', ['(', 'a', 'b']],
    ['insert into t select x, (select 1 from a, b) from c', ['a', 'b', 'c']],
    ['insert into t select 1 from a on conflict (x) do update set x = 1, y = 2', ['a']],
    ['insert into t select 1 from a union select x, y from b', ['a', 'b']],
    ['insert into t select (select 1 from a), f(x, y) from c', ['a', 'c']],
    ['insert into t select 1 from a preorder, b', ['a', 'b']],
    ['insert into t select 1 from a forum, b', ['a', 'b']],
  ])('or all that it reads: %s', (sql, sources) => {
    expect(insertedBy(sql)).toEqual({ table: 't', rows: undefined, sources })
  })

  it.each([
    'insert into t (a, b) (select a, b from big)',
    'insert into t (select a, b from big) on conflict do nothing',
    'insert into t table big',
    'insert into t (table big)',
  ])('or what it reads in another form: %s', (sql) => {
    expect(insertedBy(sql)).toEqual({ table: 't', rows: undefined, sources: ['big'] })
  })

  it.each([
    '',
    'insert',
    'insert into t',
    'insert or t values (1)',
    'replace into t values (1)',
    'update t set a = 1',
    'select into t from big',
    'with d as (select 1) insert into t select * from d',
    'merge into t using s on (s.insert = t.id) when matched then delete',
  ])('and nothing else does: %s', (sql) => expect(insertedBy(sql)).toBeUndefined())
})

describe('what an INSERT adds is judged, not what the table has', () => {
  let database: PGlite
  beforeAll(async () => {
    database = await startEmbeddedPostgres([])
  })
  afterAll(() => database?.close())

  const before = `create table big (id integer, name text); create table small (id integer, name text);
    create function copy() returns trigger language plpgsql as $$ begin update big set name = ''; return new; end $$;
    create trigger copy after insert on small for each row execute function copy()`
  const sizes = { 'public.big': huge, 'public.small': { rows: 3, heapBytes: 8192 } }

  it.each([
    ['insert into big values (1), (2)', ['pass adds rows to public.big (at most 2 rows)']],
    ['insert into big select id from small', ['pass adds rows to public.big (at most 3 rows)']],
    [
      'insert into big (id) select id from generate_series(1, 9) id',
      ['warn adds rows to public.big, of unknown size'],
    ],
    ['insert into small select id from big', ['fail adds rows to public.small (at most 50 million rows)']],
    [
      'insert into small (id) (select id from big)',
      ['fail adds rows to public.small (at most 50 million rows)'],
    ],
    [
      'merge into small s using big b on b.id = s.id when matched then update set name = b.name when not matched then insert values (b.id)',
      ['fail changes rows of public.small (at most 50 million rows)'],
    ],
    [
      'merge into small s using (select id from only big) b on b.id = s.id when not matched then insert values (b.id)',
      ['fail changes rows of public.small (at most 50 million rows)'],
    ],
    [
      'merge into small s using (values (1)) b (id) on b.id = s.id when not matched then insert values (b.id)',
      [
        'fail changes rows of public.big (at most 50 million rows)',
        'pass changes rows of public.small (at most 3 rows)',
      ],
    ],
    [
      'merge into small s using big b on b.id = s.id when matched then delete',
      ['pass changes rows of public.small (at most 3 rows)'],
    ],
    [
      'insert into small (id) select a.id from small a, big b',
      ['fail adds rows to public.small (at most 50 million rows)'],
    ],
    [
      'insert into public.small select id from public.big',
      ['fail adds rows to public.small (at most 50 million rows)'],
    ],
    [
      'insert into big (id) select s.id from small s, generate_series(1, 2)',
      ['warn adds rows to public.big, of unknown size'],
    ],
    ['insert into small table big', ['fail adds rows to public.small (at most 50 million rows)']],
    [
      'insert into small values (1)',
      [
        'fail changes rows of public.big (at most 50 million rows)',
        'pass adds rows to public.small (at most 1 row)',
      ],
    ],
  ])('%s', async (sql, expected) => {
    const { findings } = await runScenario(database, { before, sizes, pending: { one: sql } })
    const said = findings
      .filter(({ code }) => code === 'changes_rows')
      .map(({ level, message }) => `${level} ${message.split(': ')[0]}`)
    expect(said.sort()).toEqual(expected)
  })
})
