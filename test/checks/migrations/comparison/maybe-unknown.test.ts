import { expect, it } from 'vitest'
import { markMaybeUnknown } from '../../../../src/checks/migrations/comparison/maybe-unknown.ts'
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
  const differences = markMaybeUnknown([check, index, lost], [], [unknown('index', 'public.lost')])
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
  expect(markMaybeUnknown([difference], there, [unknown(kind, object)])).toEqual([difference])
})
