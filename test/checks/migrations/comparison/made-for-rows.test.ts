import { expect, it } from 'vitest'
import type { Difference } from '../../../../src/checks/migrations/comparison/diff-catalog.ts'
import { markMadeForRows } from '../../../../src/checks/migrations/comparison/made-for-rows.ts'
import { toFindings } from '../../../../src/checks/migrations/findings/finding.ts'

const extra = (part: string, more: Partial<Difference> = {}): Difference => ({
  ...{ difference: 'extra', kind: 'table', part, partKind: 'table', name: '' },
  ...more,
})
const marked = (difference: Difference, ...madeForRows: string[]) =>
  markMadeForRows([difference], { madeForRows })[0]?.madeForRows

it.each([
  ['public.usage_free', ['usage_*'], 'named so'],
  ['public."Usage free"', ['Usage *'], 'named so'],
  ['"My schema".audits', ['audits'], 'named so'],
  ['public.other', ['usage_*'], undefined],
  ['usage_.other', ['usage_*'], undefined],
  ['public.other', ['*', 'usage_*'], 'of any name'],
  ['public.usage_free', ['*', 'usage_*'], 'named so'],
  ['public.other', [], undefined],
  ['public.other_one', ['*_*'], 'of any name'],
  ['public.t_one', ['t_*'], 'of any name'],
  ['public.other', ['o*'], 'of any name'],
  ['public.t1', ['t1'], 'named so'],
])('%s beside %j', (part, patterns, how) => {
  expect(marked(extra(part), ...patterns)).toBe(how)
})

it('is about whole tables that are extra', () => {
  for (const other of [
    { difference: 'missing' },
    { kind: 'view', partKind: 'view' },
    { kind: 'column', name: 'n' },
    { name: 'n' },
  ] as const)
    expect(marked(extra('public.usage_a', other), 'usage_*')).toBeUndefined()
  const differences = [extra('public.usage_a')]
  expect(markMadeForRows(differences, {})).toBe(differences)
})

it('such a table is information where its name says so, else it warns, and both say why', () => {
  const differences = markMadeForRows(
    [extra('public.usage_a'), extra('public.other'), extra('public.third')],
    {
      madeForRows: ['usage_*', 'oth*'],
    },
  )
  const anyName = markMadeForRows([extra('public.third')], { madeForRows: ['*'] })
  const { shown, count, failing } = toFindings([...differences, ...anyName])
  const why = (how: string) =>
    `a block or function of the migrations makes tables ${how}, for rows or at times that the compile does not have`
  expect(shown.map(({ object, severity, noFix }) => [object, severity, noFix])).toEqual([
    ['public.third', 'warn', undefined],
    ['public.third', 'warn', why('of any name')],
    ['public.usage_a', 'info', why('named so')],
    ['public.other', 'info', why('named so')],
  ])
  expect({ count, failing }).toEqual({ count: 2, failing: false })
})
