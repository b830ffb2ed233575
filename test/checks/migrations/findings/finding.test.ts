import { expect, it } from 'vitest'
import type { Difference } from '../../../../src/checks/migrations/comparison/diff-catalog.ts'
import { toFindings } from '../../../../src/checks/migrations/findings/finding.ts'

const changed = (more: Partial<Difference>): Difference => ({
  difference: 'changed',
  kind: 'column',
  part: 'public.orders',
  partKind: 'table',
  name: 'total',
  ...more,
})
const only = (difference: Difference) => toFindings([difference]).shown[0]

it('names the object, what was expected, what is there, how severe it is, and what brings it in line', () => {
  expect(only(changed({ expected: 'integer not null', found: 'integer' }))).toEqual({
    object: 'public.orders.total',
    kind: 'column',
    difference: 'changed',
    severity: 'fail',
    expected: 'integer not null',
    found: 'integer',
    fix: 'ALTER TABLE public.orders ALTER COLUMN total SET NOT NULL',
  })
})

it.each([
  [changed({}), 'public.orders.total'],
  [changed({ kind: 'table', name: '' }), 'public.orders'],
  [changed({ kind: 'index', name: 'public.by_total' }), 'public.by_total'],
  [changed({ kind: 'sequence', name: 'public.numbers', part: '' }), 'public.numbers'],
  [changed({ kind: 'enum', name: 'public.state', part: '' }), 'public.state'],
  [changed({ kind: 'query', name: '', part: 'public.sales query' }), 'public.sales'],
  [changed({ kind: 'routine', name: '', part: 'public.total(integer)' }), 'public.total(integer)'],
])('calls it what people call it: %#', (difference, object) => {
  expect(only(difference)?.object).toBe(object)
})

it('shows the gravest, and counts the rest', () => {
  const harmless: Difference = changed({ difference: 'extra', found: 'text' })
  const information = changed({ kind: 'comment' })
  const findings = toFindings([information, ...Array.from({ length: 30 }, () => harmless), changed({})])
  expect(findings.shown.map(({ severity }) => severity)).toEqual(['fail', ...Array(19).fill('warn')])
  expect(findings).toMatchObject({ more: 12, count: 31, failing: true })
  expect(toFindings([information])).toMatchObject({ more: 0, count: 0, failing: false })
})

it('cuts long definitions around the first character that differs', () => {
  const expected = `${'a'.repeat(5000)}EXPECTED${'b'.repeat(5000)}`
  const found = `${'a'.repeat(5000)}FOUND${'b'.repeat(5000)}`
  const finding = only(changed({ kind: 'routine', name: '', expected, found }))
  expect(finding?.expected).toContain('EXPECTED')
  expect(finding?.found).toContain('FOUND')
  expect(finding?.expected?.length).toBeLessThan(410)
  expect(finding?.expected).toMatch(/^….*…$/)
})

it('suggests no statement that is cut', () => {
  const expected = `CREATE OR REPLACE FUNCTION f() ${'x'.repeat(2000)}`
  expect(only(changed({ kind: 'routine', name: '', expected, found: 'y' }))?.fix).toBeUndefined()
})

it('suggests nothing that names a table which is missing as a whole', () => {
  const foreignKey = 'FOREIGN KEY (event_id) REFERENCES public.events(id)'
  const constraint: Difference = changed({
    difference: 'missing',
    kind: 'constraint',
    name: 'c',
    expected: foreignKey,
  })
  const missing: Difference = changed({
    difference: 'missing',
    kind: 'table',
    part: 'public.events',
    name: '',
  })
  expect(only(constraint)?.fix).toContain('ADD CONSTRAINT c')
  expect(toFindings([missing, constraint]).shown.map(({ fix }) => fix)).toEqual([undefined, undefined])
})
