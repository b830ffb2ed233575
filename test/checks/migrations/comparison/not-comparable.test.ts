import { expect, it } from 'vitest'
import type { Difference } from '../../../../src/checks/migrations/comparison/diff-catalog.ts'
import { createIsNotComparable } from '../../../../src/checks/migrations/comparison/not-comparable.ts'
import type { NotComparable, Scope } from '../../../../src/checks/migrations/expected-schema.ts'

const scope = { schemas: ['public'], partitions: false, extensions: [], optionalKinds: [] }
const judge = (more: Pick<Scope, 'notComparable' | 'standIns'>, difference: Difference) =>
  createIsNotComparable({ ...scope, ...more })(difference)

const index: Difference = {
  kind: 'index',
  difference: 'missing',
  part: 'public.Orders',
  partKind: 'table',
  name: 'public."Orders_total"',
  expected: 'CREATE INDEX …',
}
const known: NotComparable = { kind: 'index', object: 'public.Orders_total', difference: 'missing' }

it('a difference that the compile could not know anything about proves nothing, whatever quotes its name has', () => {
  expect(judge({ notComparable: [known] }, index)).toBe(true)
})

it.each<[string, NotComparable]>([
  ['another object', { ...known, object: 'public.Orders' }],
  ['another kind', { ...known, kind: 'table' }],
  ['another difference', { ...known, difference: 'changed' }],
])('%s proves something', (_, other) => {
  expect(judge({ notComparable: [other] }, index)).toBe(false)
})

it('a domain that stood in for a type of an extension is not missing', () => {
  const domain: Difference = {
    kind: 'domain',
    difference: 'missing',
    part: '',
    partKind: null,
    name: 'public.geometry',
  }
  const standIns = ['public.geometry']
  expect(judge({ standIns }, domain)).toBe(true)
  expect(judge({ standIns }, { ...domain, difference: 'extra' })).toBe(false)
  expect(judge({ standIns }, { ...domain, kind: 'enum' })).toBe(false)
  expect(judge({ standIns: ['public.geography'] }, domain)).toBe(false)
})

it('where the compile knew everything each difference proves something', () => {
  expect(judge({}, index)).toBe(false)
})
