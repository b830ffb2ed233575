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
}
const parts: readonly ExpectedPart[] = [
  {
    ...{ part: '', kind: null, digests: [], objectDigests: '' },
    objects: Object.entries(domains).map(([name, definition]) =>
      writeObject({ kind: 'domain', name, definition }),
    ),
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
})

it('a missing column that its domain requires is not added, since only its owner knows the values', () => {
  const missing = (expected: string) => marked(differ('column', 'n', { expected }))
  expect(fixed(missing('public.code'))).toBeUndefined()
  expect(fixed(missing('public.counted'))).toEqual(['ALTER TABLE public.orders ADD COLUMN n public.counted'])
  expect(fixed(missing('public.note'))).toEqual(['ALTER TABLE public.orders ADD COLUMN n public.note'])
})
