import { expect, it } from 'vitest'
import type { Difference } from '../../../../src/checks/migrations/comparison/diff-catalog.ts'
import { markRequiredByDomain } from '../../../../src/checks/migrations/comparison/required-by-domain.ts'
import { type ExpectedPart, writeObject } from '../../../../src/checks/migrations/expected-schema.ts'
import { severityOf } from '../../../../src/checks/migrations/findings/severity.ts'
import { differ, fixed, free } from '../findings/differ.ts'

const domains = {
  'public.code': 'text not null',
  'public."Code 2"': 'text collate "C" not null constraint short check (length(VALUE) < 9)',
  'public.counted': 'integer default 1 not null',
  'public.note': "text constraint known CHECK ((VALUE IS NOT DISTINCT FROM 'not null'::text))",
  'public.checked': 'text constraint present CHECK ((VALUE IS NOT NULL))',
  'public.sized': 'text constraint both CHECK (((VALUE IS NOT NULL) AND (length(VALUE) > 2)))',
  'public.either': "text constraint one CHECK (((VALUE IS NOT NULL) OR (length('x'::text) > 0)))",
  'public.said': "text constraint word CHECK ((VALUE <> '((VALUE IS NOT NULL))'::text))",
  'public.nested': 'public.code',
  'public.nested_counted': 'public.counted default 1',
  'public.nested_collated': 'public.code collate "C"',
  '"My schema".code': 'text not null',
}
const parts: readonly ExpectedPart[] = [
  {
    ...{ part: '', kind: null, digests: [], objectDigests: '' },
    objects: Object.entries(domains)
      .map(([name, definition]) => writeObject({ kind: 'domain', name, definition }))
      .concat(writeObject({ kind: 'enum', name: 'public.mood', definition: 'text not null' })),
  },
  {
    ...{ part: 'public.orders', kind: 'table', digests: [], objectDigests: '' },
    objects: [writeObject({ kind: 'domain', name: 'public.of_table', definition: 'text not null' })],
  },
]
const marked = (column: Difference, ...others: readonly Difference[]) =>
  markRequiredByDomain([column, ...others], parts)[0] as Difference
const extra = (found: string) => differ('column', 'n', { found })
const severity = (column: Difference, ...others: readonly Difference[]) =>
  severityOf(marked(column, ...others))

it.each([
  ['public.code', 'fail'],
  ['public."Code 2"', 'fail'],
  ['public.checked', 'fail'],
  ['public.sized', 'fail'],
  ['public.either', 'warn'],
  ['public.said', 'warn'],
  ['public.code default NULL::public.code', 'fail'],
  ['public.nested', 'fail'],
  ['public.nested_collated', 'fail'],
  ['"My schema".code', 'fail'],
  ['public.mood', 'warn'],
  ['public.of_table', 'warn'],
  ["public.code default 'x'::text", 'warn'],
  ['public.code generated always as (lower(a)) stored', 'warn'],
  ['public.counted', 'warn'],
  ['public.nested_counted', 'warn'],
  ['public.note', 'warn'],
  ['public.code[]', 'warn'],
  ['elsewhere.code', 'warn'],
  ['text', 'warn'],
  ['public.code not null', 'fail'],
])('an extra column %s: %s', (found, expected) => {
  expect(severity(extra(found))).toBe(expected)
})

it('asks the domain as it is in the database', () => {
  const domain = (sides: { expected?: string; found?: string }) =>
    differ('domain', 'public.code', sides, free)
  const relaxed = domain({ expected: 'text not null', found: 'text' })
  expect(severity(extra('public.code'), relaxed)).toBe('warn')
  const other = differ('domain', 'public.by_hand', { found: 'text not null' }, free)
  expect(severity(extra('public.by_hand'), other)).toBe('fail')
  const ofEnum = differ('enum', 'public.by_hand', { found: 'text not null' }, free)
  expect(severity(extra('public.by_hand'), ofEnum)).toBe('warn')
  // What is missing there is as the migrations make it.
  expect(severity(extra('public.code'), domain({ expected: 'text not null' }))).toBe('fail')
  expect(marked(differ('column', 'n', { expected: 'public.code' }), relaxed).requiredByDomain).toBe(true)
})

it('marks columns that are extra or missing, and nothing where there are none', () => {
  for (const other of [
    differ('constraint', 'n', { found: 'public.code' }),
    differ('column', 'n', { expected: 'text', found: 'public.code' }),
    // It is required by itself.
    extra('text collate public.german not null'),
  ])
    expect(marked(other, extra('public.code'))).toBe(other)
  const others = [differ('constraint', 'n', { found: 'public.code' })]
  expect(markRequiredByDomain(others, parts)).toBe(others)
})

it('a missing column that its domain requires is not added, since only its owner knows the values', () => {
  const missing = (expected: string) => marked(differ('column', 'n', { expected }))
  expect(fixed(missing('public.code'))).toBeUndefined()
  expect(fixed(missing('public.counted'))).toEqual(['ALTER TABLE public.orders ADD COLUMN n public.counted'])
  expect(fixed(missing('public.note'))).toEqual(['ALTER TABLE public.orders ADD COLUMN n public.note'])
})
