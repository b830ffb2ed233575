import { describe, expect, it } from 'vitest'
import { type Difference, diffCatalog } from '../../../src/checks/migrations/catalog.ts'
import type { ChangedPart, LiveObject } from '../../../src/checks/migrations/differing.ts'
import type { ExpectedObject, ExpectedPart } from '../../../src/checks/migrations/expected.ts'

const orders: ExpectedPart = {
  part: 'public.orders',
  digests: ['d1'],
  objectDigests: '',
  objects: [
    ['column', 'id', 'integer not null'],
    ['column', 'total', 'numeric'],
    ['table', '', ''],
  ],
}
const view: ExpectedPart = {
  part: 'public.sales',
  digests: ['d2'],
  objectDigests: '',
  objects: [['view', '', '']],
}
const query: ExpectedPart = {
  part: 'public.sales query',
  digests: ['d3'],
  objectDigests: '',
  objects: [['query', '', 'SELECT 1']],
}
const nameless: ExpectedPart = {
  part: '',
  digests: ['d4'],
  objectDigests: '',
  objects: [
    ['enum', 'billing.state', "'open'"],
    ['schema', 'billing', ''],
  ],
}

const diff = (differing: Partial<Parameters<typeof diffCatalog>[0]>) =>
  diffCatalog({ missing: [], changed: [], extra: [], ...differing })
const summary = (differences: readonly Difference[]) =>
  differences.map(({ difference, kind, part, name }) => [difference, kind, part, name].join(' ').trim())

describe('parts', () => {
  it('that are missing or extra are one difference each, whatever belongs to them', () => {
    expect(summary(diff({ missing: [orders] }))).toEqual(['missing table public.orders'])
    const extra = [{ part: 'public.more', kind: 'table' }] as const
    expect(summary(diff({ extra }))).toEqual(['extra table public.more'])
  })

  it('of a view and of its text are one difference', () => {
    expect(summary(diff({ missing: [view, query] }))).toEqual(['missing view public.sales'])
  })

  it('that are in line are no difference', () => {
    expect(diff({})).toEqual([])
  })
})

describe('the objects of changed parts', () => {
  const diffOrders = (
    expected: ChangedPart['expected'],
    ...live: [kind: LiveObject['kind'], name: string, definition: string][]
  ) =>
    diff({
      changed: [
        {
          part: orders,
          expected,
          live: live.map(([kind, name, definition]) => ({ kind, name, definition })),
        },
      ],
    })
  const [id, total, table] = orders.objects as [ExpectedObject, ExpectedObject, ExpectedObject]

  it('are missing, changed or extra', () => {
    const differences = diffOrders([id, total], ['column', 'total', 'money'], ['column', 'note', 'text'])
    expect(summary(differences)).toEqual([
      'missing column public.orders id',
      'changed column public.orders total',
      'extra column public.orders note',
    ])
    expect(differences[1]).toMatchObject({ expected: 'numeric', found: 'money', partKind: 'table' })
  })

  it('say nothing more when another kind of relation has the name', () => {
    expect(summary(diffOrders([id, total, table], ['view', '', ''], ['column', 'id', 'text']))).toEqual([
      'missing table public.orders',
      'extra view public.orders',
    ])
  })
})

describe('what belongs to no table', () => {
  const table: ExpectedPart = {
    part: 'billing.invoices',
    digests: ['d'],
    objectDigests: '',
    objects: [['table', '', '']],
  }

  it('is told by its objects, also when nothing of it is left', () => {
    const other = { ...nameless, objects: nameless.objects.slice(0, 1) }
    expect(summary(diff({ missing: [other] }))).toEqual(['missing enum  billing.state'])
  })

  it('leaves out what was in a missing schema', () => {
    const missing = [table, { ...table, part: 'billings.other' }, nameless]
    expect(summary(diff({ missing }))).toEqual(['missing table billings.other', 'missing schema  billing'])
  })
})
