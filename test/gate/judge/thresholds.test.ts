import { expect, it } from 'vitest'
import { defaultFailAt, parseThresholds } from '../../../src/gate/judge/thresholds.ts'
import { bytesText, rowsText, waitsText } from '../../../src/gate/judge/words.ts'
import { newerSyntax } from '../../../src/gate/newer-syntax.ts'

it('thresholds are read one by one, and the others stay', () => {
  expect(parseThresholds('rewrite=1.5GB, rows=20k', defaultFailAt)).toEqual({
    ...defaultFailAt,
    rewrite: 1.5e9,
    rows: 20_000,
  })
  expect(parseThresholds('', defaultFailAt)).toEqual(defaultFailAt)
  expect(parseThresholds('build=7', defaultFailAt)).toMatchObject({ build: 7 })
})

it.each(['rewrite', 'rewrites=1GB', 'rewrite=-1', 'rewrite=1 GiB', 'rewrite=1GB;rows=2'])(
  '%s is not a threshold',
  (text) => {
    expect(parseThresholds(text, defaultFailAt)).toContain('expected sizes such as')
  },
)

it('sizes are said as people say them', () => {
  expect([0, 999, 1000, 20e6, 617e9, 2.34e12].map(bytesText)).toEqual([
    '0 B',
    '999 B',
    '1 kB',
    '20 MB',
    '617 GB',
    '2.3 TB',
  ])
  expect([0, 1, 2, 9999, 12_345, 2.4e6, 105e6, 3e9].map(rowsText)).toEqual([
    '0 rows',
    '1 row',
    '2 rows',
    '9999 rows',
    '12 thousand rows',
    '2.4 million rows',
    '105 million rows',
    '3 billion rows',
  ])
  const waits = [
    { object: 'a', reads: true, writes: true },
    { object: 'b', reads: false, writes: true },
    { object: 'c', reads: true, writes: true },
  ]
  expect(waitsText(waits)).toBe('reads and writes of a, c; writes of b')
})

it.each([
  ['alter table t add x integer generated always as (a + (b)) virtual', 'a generated column without STORED'],
  ['create table t (x integer generated always as (1), y integer)', 'a generated column without STORED'],
  ['create table t (x integer generated always as (1) stored, y integer)', undefined],
  ['alter table t alter x add generated always as identity', undefined],
  [`insert into t values ('generated always as (1)')`, undefined],
  ['alter table t add foreign key (a) references b (id) not enforced', 'NOT ENFORCED'],
  ['alter table t alter x set default uuidv7()', 'uuidv7()'],
  ['alter table t add constraint c not null x not valid', 'NOT NULL … NOT VALID'],
])('%s on Postgres 17: %s', (sql, expected) => {
  expect(newerSyntax(sql, 170_000)).toBe(expected)
  expect(newerSyntax(sql, 180_000)).toBeUndefined()
})
