import { expect, it } from 'vitest'
import { markUncertain } from '../../../../src/checks/migrations/comparison/mark-uncertain.ts'
import type { NotComparable } from '../../../../src/checks/migrations/expected-schema.ts'
import { toFindings } from '../../../../src/checks/migrations/findings/finding.ts'
import { standInMark } from '../../../../src/checks/migrations/stand-ins.ts'
import { differ } from '../findings/differ.ts'

const check = differ('constraint', 'found', { found: 'CHECK ((a > 0))' })
const index = differ('index', 'public."Found"', {
  found: 'CREATE INDEX "Found" ON public.orders USING btree (f(a))',
})
const unknown = (kind: NotComparable['kind'], object: string): NotComparable => ({
  kind,
  object,
  difference: 'extra',
})

it('the fix of what may be an unknown one under another name is withheld, and says which', () => {
  const lost = differ('constraint', 'lost', { expected: `CHECK (('${standInMark}' IS NULL))` })
  const differences = markUncertain([check, index, lost], [], [unknown('index', 'public.lost')])
  expect(toFindings(differences).shown.map(({ object, fix, noFix }) => [object, fix ?? noFix])).toEqual([
    [
      'public.orders.found',
      'it may be public.orders.lost under another name, whose definition was not known at the compile',
    ],
    ['public.orders.lost', 'a part of it was not known at the compile, which lacks an extension'],
    [
      'public."Found"',
      'it may be public.lost under another name, whose definition was not known at the compile',
    ],
  ])
})

it('the fix of what was known in part is withheld', () => {
  const changed = (kind: NotComparable['kind'], object: string): NotComparable => ({
    kind,
    object,
    difference: 'changed',
  })
  const view = { part: 'public.v', partKind: 'view' } as const
  const differences = [
    differ('column', 'a', { expected: `public.citext default 'x'::text not null`, found: 'public.citext' }),
    differ('index', 'public."I"', {
      expected: 'CREATE INDEX "I" ON public.orders USING btree (lower((a)::text))',
    }),
    differ('view', '', { expected: '' }, view),
    differ('column', 'b', { expected: 'text' }),
  ]
  const unknown = [
    changed('column', 'public.orders.a'),
    changed('index', 'public.I'),
    changed('query', 'public.v'),
  ]
  const part = 'a part of it was not known at the compile, which lacks an extension'
  expect(markUncertain(differences, [], unknown).map(({ uncertain }) => uncertain)).toEqual([
    part,
    part,
    part,
    undefined,
  ])
  expect(toFindings(markUncertain(differences, [], unknown)).shown.map(({ noFix }) => noFix)).toContain(part)
})

it.each([
  [
    'the unknown one is there',
    index,
    [differ('index', 'public."Lost"', { found: '' })],
    'index',
    'public.Lost',
  ],
  ['it is of another kind', index, [], 'constraint', 'public.orders.lost'],
  ['it is in another schema', index, [], 'index', 'shop.lost'],
  ['it is of another table', check, [], 'constraint', 'public.bills.lost'],
  [
    'it is a foreign key',
    { ...check, found: 'FOREIGN KEY (a) REFERENCES b(a)' },
    [],
    'constraint',
    'public.orders.lost',
  ],
] as const)('nothing is withheld where %s', (_, difference, there, kind, object) => {
  expect(markUncertain([difference], there, [unknown(kind, object)])).toEqual([difference])
})
