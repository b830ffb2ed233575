import { expect, it } from 'vitest'
import type { Difference } from '../../../../src/checks/migrations/comparison/diff-catalog.ts'
import type { Kind } from '../../../../src/checks/migrations/expected-schema.ts'
import { effectOf } from '../../../../src/checks/migrations/findings/effect.ts'
import { severities, severityOf } from '../../../../src/checks/migrations/findings/severity.ts'

const difference = (
  kind: Kind,
  how: Difference['difference'],
  more: Partial<Difference> = {},
): Difference => ({ kind, difference: how, part: 'public.orders', partKind: 'table', name: 'x', ...more })

/** [kind, missing, changed, extra] */
const rows: readonly (readonly [Kind, string, string, string])[] = [
  ['schema', 'fail', 'fail', 'warn'],
  ['extension', 'fail', 'fail', 'warn'],
  ['enum', 'fail', 'fail', 'warn'],
  ['domain', 'fail', 'fail', 'warn'],
  ['range type', 'fail', 'fail', 'warn'],
  ['composite type', 'fail', 'fail', 'warn'],
  ['collation', 'fail', 'fail', 'warn'],
  ['routine', 'fail', 'fail', 'warn'],
  ['sequence', 'fail', 'fail', 'warn'],
  ['table', 'fail', 'fail', 'warn'],
  ['view', 'fail', 'fail', 'warn'],
  ['materialized view', 'fail', 'fail', 'warn'],
  ['foreign table', 'fail', 'fail', 'warn'],
  ['query', 'fail', 'fail', 'warn'],
  ['statistics', 'fail', 'fail', 'warn'],
  ['storage parameters', 'fail', 'fail', 'warn'],
  ['column', 'fail', 'fail', 'warn'],
  ['index', 'fail', 'fail', 'warn'],
  ['constraint', 'fail', 'fail', 'fail'],
  ['disabled foreign key', 'fail', 'fail', 'fail'],
  ['policy', 'fail', 'fail', 'fail'],
  ['row level security', 'fail', 'fail', 'fail'],
  ['rule', 'fail', 'fail', 'fail'],
  ['trigger', 'fail', 'fail', 'fail'],
  ['access', 'info', 'info', 'info'],
  ['column order', 'info', 'info', 'info'],
  ['comment', 'info', 'info', 'info'],
  ['grant', 'info', 'info', 'info'],
  ['owner', 'info', 'info', 'info'],
  ['statistics target', 'info', 'info', 'info'],
]

it.each(rows)('%s: missing %s, changed %s, extra %s', (kind, ...severities) => {
  const found = { found: kind === 'index' ? 'CREATE INDEX x ON public.orders USING btree (y)' : 'text' }
  const hows = ['missing', 'changed', 'extra'] as const
  expect(hows.map((how) => severityOf(difference(kind, how, found)))).toEqual(severities)
})

it('has a row for every kind', () => {
  expect(rows.map(([kind]) => kind).sort()).toEqual(Object.keys(severities).sort())
})

it.each([
  ['text', 'warn'],
  ["text default 'none' not null", 'warn'],
  ['integer generated always as identity not null', 'warn'],
  ['integer generated always as ((1 + 1)) stored not null', 'warn'],
  ['text not null', 'fail'],
  ['public."my default" not null', 'fail'],
  ['character varying(10) default NULL::character varying not null', 'fail'],
  ["text default 'NULL::text'::text not null", 'warn'],
])('an extra column %s: %s', (found, severity) => {
  expect(severityOf(difference('column', 'extra', { found }))).toBe(severity)
})

it('fails on one more column of a view or a composite type', () => {
  for (const partKind of ['view', 'materialized view', 'composite type'] as const)
    expect(severityOf(difference('column', 'extra', { partKind, found: 'text' }))).toBe('fail')
})

it('fails on an extra unique index, which refuses writes', () => {
  const found = 'CREATE UNIQUE INDEX x ON public.orders USING btree (y)'
  expect(severityOf(difference('index', 'extra', { found }))).toBe('fail')
})

it.each([
  ['', 'replica identity full', 'info'],
  ['', 'replica identity index', 'info'],
  ['unlogged', 'unlogged replica identity full', 'info'],
  ['', 'replica identity nothing', 'fail'],
  ['replica identity full', '', 'fail'],
  ['replica identity index', 'replica identity full', 'info'],
  ['unlogged replica identity nothing', 'unlogged replica identity full', 'info'],
  ['replica identity index', '', 'fail'],
  ['replica identity index', 'replica identity nothing', 'fail'],
  ['', 'unlogged replica identity full', 'fail'],
])('a table that was "%s" and is "%s": %s', (expected, found, severity) => {
  expect(severityOf(difference('table', 'changed', { name: '', expected, found }))).toBe(severity)
})

it('says what an extra object breaks where it fails, and nothing where it is harmless', () => {
  const effect = (kind: Kind, found: string) =>
    effectOf(difference(kind, 'extra', { found, ...(kind === 'table' && { name: '' }) }))
  expect(effect('column', 'text not null')).toBe('an INSERT that does not name it fails')
  expect(effect('column', 'text')).toBeUndefined()
  expect(effect('index', 'CREATE UNIQUE INDEX x ON public.orders USING btree (y)')).toMatch(/second equal/)
  expect(effect('index', 'CREATE INDEX x ON public.orders USING btree (y)')).toBeUndefined()
  expect(effect('table', '')).toBeUndefined()
  expect(effectOf(difference('column', 'missing'))).toBeUndefined()
  const ofView = { ...difference('column', 'extra', { found: 'text' }), partKind: 'view' } as const
  expect(effectOf(ofView)).toBe('its rows have one value more than expected')
  for (const [kind, , , extra] of rows.filter(([, , , severity]) => severity === 'fail'))
    expect([kind, effect(kind, 'text')]).toEqual([kind, extra && expect.stringMatching(/^\w/)])
})

it('a column of a foreign table, and a default that begins with NULL, do not keep rows from being inserted', () => {
  const column = (more: Partial<Difference>) => severityOf(difference('column', 'extra', more))
  expect(column({ partKind: 'foreign table', found: 'integer' })).toBe('warn')
  expect(column({ found: "text default NULL::text || 'x'::text not null" })).toBe('warn')
  expect(column({ found: 'text default NULL::text not null' })).toBe('fail')
})

it.each(['replica identity full', 'replica identity index'])(
  '%s is information where nothing else differs',
  (found) => {
    const table = (expected: string) =>
      severityOf(difference('table', 'changed', { name: '', expected, found }))
    expect([table(''), table('replica identity nothing')]).toEqual(['info', 'info'])
    expect(table('unlogged')).toBe('fail')
  },
)

it('what is extra beside a table has the effect of its kind', () => {
  const effect = (more: Partial<Difference>) => effectOf(difference('trigger', 'extra', more))
  expect(effect({ partKind: 'view' })).toBe(effect({ partKind: 'table' }))
})
