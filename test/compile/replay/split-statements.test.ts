import { describe, expect, it } from 'vitest'
import { isDataStatement, splitStatements } from '../../../src/compile/replay/split-statements.ts'

describe('the statements of a text', () => {
  it.each<[string, string[]]>([
    ['select 1; select 2', ['select 1;', 'select 2']],
    [`select 'a;b'';c'; select "x;y"`, [`select 'a;b'';c';`, 'select "x;y"']],
    [`select e'a\\';b'; select 'a\\'; select 3`, [`select e'a\\';b';`, `select 'a\\';`, 'select 3']],
    [
      '-- one; two\nselect 1; /* a; /* b; */ c; */ select 2;',
      ['-- one; two\nselect 1;', '/* a; /* b; */ c; */ select 2;'],
    ],
    [
      'do $$ begin perform 1; end $$; do $a$ $$;$$; $a$; select $1',
      ['do $$ begin perform 1; end $$;', 'do $a$ $$;$$; $a$;', 'select $1'],
    ],
    [
      'create rule r as on insert to a do (select 1; select 2); select 3',
      ['create rule r as on insert to a do (select 1; select 2);', 'select 3'],
    ],
    [
      'create function f() returns int begin atomic select case when true then 1 end; select 2; end; select 3',
      [
        'create function f() returns int begin atomic select case when true then 1 end; select 2; end;',
        'select 3',
      ],
    ],
    ['begin; select 1; end; select 2', ['begin;', 'select 1;', 'end;', 'select 2']],
    [';; -- nothing\n/* either */', []],
    ['select a$b$c; select 2', ['select a$b$c;', 'select 2']],
    ['select $$ never closed; select 2', ['select $$ never closed; select 2']],
  ])('%s', (sql, statements) => {
    expect(splitStatements(sql)).toEqual(statements)
  })
})

describe('a data statement', () => {
  it.each([
    'INSERT INTO a VALUES (1)',
    '-- backfill\n/* all */ update a set b = 1',
    'delete from a',
    'with x as (select 1) insert into a select * from x',
    'merge into a using b on true when matched then delete',
  ])('is %s', (statement) => {
    expect(isDataStatement(statement)).toBe(true)
  })

  it.each([
    'create table a ()',
    'select make_partitions()',
    'do $$ begin insert into a values (1); end $$',
    'create rule r as on update to a do nothing',
    'with x as (select 1) select make_partitions() from x',
    '-- insert into a\ncreate view updated as select 1',
  ])('is not %s', (statement) => {
    expect(isDataStatement(statement)).toBe(false)
  })
})
