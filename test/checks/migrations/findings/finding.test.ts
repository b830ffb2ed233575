import { expect, it } from 'vitest'
import type { Difference } from '../../../../src/checks/migrations/comparison/diff-catalog.ts'
import { reasonOf, toFindings } from '../../../../src/checks/migrations/findings/finding.ts'

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

it('shows up to 400 characters of a definition, and where more are', () => {
  const shownOf = (expected: string, found: string) => {
    const finding = only(changed({ kind: 'routine', name: '', expected, found }))
    return [finding?.expected, finding?.found]
  }
  const text = 'a'.repeat(399)
  expect(shownOf(`${text}X`, `${text}Y`)).toEqual([`${text}X`, `${text}Y`])
  const long = 'a'.repeat(1000)
  expect(shownOf(`X${long}`, `Y${long}`)).toEqual([`X${text}…`, `Y${text}…`])
  expect(shownOf(`${long}X`, `${long}Y`)).toEqual([`…${text}X`, `…${text}Y`])
  expect(shownOf(`${long}X`, long)).toEqual([`…${text}X`, `…a${text}`])
  expect(shownOf(long, `${long}X`)).toEqual([`…a${text}`, `…${text}X`])
  expect(shownOf(`${text}a`, `${text}a`)).toEqual([`${text}a`, `${text}a`])
  const around = `${'a'.repeat(500)}X${'b'.repeat(500)}`
  expect(shownOf(around, around.replace('X', 'Y'))[0]).toBe(`…${around.slice(420, 820)}…`)
})

it('suggests no statement that is cut, and says where it is', () => {
  const replacing = (length: number) => {
    const expected = `CREATE INDEX i ON public.orders USING btree (${'x'.repeat(length)})`
    return only(changed({ difference: 'missing', kind: 'index', name: 'public.i', expected }))
  }
  const { fix } = replacing(1000) ?? {}
  const longest = 1600 - ((fix?.length ?? 0) - 1000)
  expect(replacing(longest)?.fix).toHaveLength(1600)
  expect(replacing(longest)).not.toHaveProperty('noFix')
  expect(replacing(longest + 1)).toMatchObject({
    noFix: 'it is long: edge-health check --fix-sql prints it',
  })
  expect(replacing(longest + 1)).not.toHaveProperty('fix')
})

it('shows first what has to be there first', () => {
  const missing = (kind: Difference['kind'], name: string) => changed({ difference: 'missing', kind, name })
  const kinds: readonly Difference['kind'][] = ['trigger', 'index', 'column', 'constraint']
  const { shown } = toFindings(kinds.map((kind) => missing(kind, kind)))
  expect(shown.map(({ kind }) => kind)).toEqual(['column', 'constraint', 'index', 'trigger'])
})

const extra = (more: Partial<Difference>): Difference => changed({ difference: 'extra', name: '', ...more })
const extraTable = extra({ kind: 'table' })
const extraEnum = extra({ kind: 'enum', part: '', partKind: null, name: 'public.state' })
const extraColumn = extra({ name: 'note', found: 'text' })

it.each<[what: string, differences: Difference[], expected: boolean]>([
  ['nothing', [], true],
  ['a table', [extraTable], true],
  ['an enum, which belongs to no table', [extraEnum], true],
  ['a table and information', [extraTable, changed({ kind: 'comment' })], true],
  ['a column of a table of ours', [extraColumn], false],
  ['a table and a column of ours', [extraTable, extraColumn], false],
  ['a trigger that breaks writes', [extra({ kind: 'trigger', name: 't' })], false],
  ['a policy, which is whole in no way', [extra({ kind: 'policy', part: '', name: 'p' })], false],
  ['a table that is missing', [changed({ difference: 'missing', kind: 'table', name: '' })], false],
])('says whether only whole objects were added: %s', (_, differences, expected) => {
  expect(toFindings(differences).onlyAdded).toBe(expected)
})

it('knows what was added from what only warns', () => {
  const warning = changed({ difference: 'missing', kind: 'table', name: '' })
  expect(toFindings([warning], [], { severityOf: () => 'warn' }).onlyAdded).toBe(false)
})

it('says whether something only warns because it was configured so', () => {
  const lowered = (differences: Difference[], severityOf?: () => 'warn') =>
    toFindings(differences, [], severityOf && { severityOf }).lowered
  expect(lowered([changed({})], () => 'warn')).toBe(true)
  expect(lowered([extraTable, changed({})], () => 'warn')).toBe(true)
  expect(lowered([extraTable], () => 'warn')).toBe(false)
  expect(lowered([changed({})])).toBe(false)
})

it('names the tool that added it, and what it breaks, of what is extra alone', () => {
  const known = { kind: 'table', part: 'public.alembic_version', name: '' } as const
  expect(only(extra(known))).toMatchObject({ owner: 'Alembic', severity: 'info' })
  expect(only(extra(known))).not.toHaveProperty('effect')
  expect(only(changed({ ...known, difference: 'missing' }))).not.toHaveProperty('owner')
  const trigger = { kind: 'trigger', name: 't' } as const
  expect(only(extra(trigger))).toMatchObject({ effect: 'it runs when the table is written to' })
  expect(only(extra({ ...trigger, partKind: 'view' }))).toMatchObject({
    effect: 'it runs when the table is written to',
  })
  expect(only(extra(trigger))).not.toHaveProperty('owner')
  expect(only(changed({ ...trigger, difference: 'missing' }))).not.toHaveProperty('effect')
})

it('withholds what uses a new value of an enum, as both may be run in one transaction', () => {
  const value = changed({
    ...{ kind: 'enum', part: '', partKind: null, name: 'public.state' },
    ...{ expected: "'a', 'b'", found: "'a'" },
  })
  const use = changed({
    difference: 'missing',
    name: 's',
    expected: "public.state default 'b'::public.state",
  })
  expect(toFindings([use, value]).shown.find(({ kind }) => kind === 'column')).toMatchObject({
    noFix: 'it needs public.state, which is changed',
  })
})

it('says why a fix that is certain is not there', () => {
  expect(reasonOf('it is long')).toBe('it is long')
  expect(reasonOf(extra({ kind: 'index', name: 'public.by_total' }))).toBe('public.by_total is in the way')
  expect(reasonOf(changed({ difference: 'missing', kind: 'table', name: '' }))).toBe(
    'it needs public.orders, which is missing',
  )
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
