import { describe, expect, it } from 'vitest'
import { type Difference, diffCatalog } from '../../../src/checks/migrations/catalog.ts'
import type { Differing, LiveObject } from '../../../src/checks/migrations/differing.ts'
import type { ExpectedSchema } from '../../../src/checks/migrations/expected.ts'

const expected: Pick<ExpectedSchema, 'parts'> = {
  parts: {
    '': { digests: ['d0'], objects: [['schema', 'public', '']] },
    'public.orders': {
      digests: ['d1', 'd1 restored'],
      objects: [
        ['column', 'total', 'numeric', 'numeric(10,2)'],
        ['column', 'id', 'integer not null'],
        ['table', '', ''],
      ],
    },
    'public.sales': { digests: ['d2'], objects: [['view', '', '']] },
    'public.sales query': { digests: ['d3'], objects: [['query', '', 'SELECT 1']] },
  },
}
const nothing: Differing = { missing: [], extra: [], changed: [], leftOut: [] }
const diff = (differing: Partial<Differing>) => diffCatalog(expected, { ...nothing, ...differing })
const summary = (differences: readonly Difference[]) =>
  differences.map(({ difference, kind, part, name }) => [difference, kind, part, name].join(' ').trim())

describe('parts', () => {
  it('that are missing or extra are one difference each, whatever belongs to them', () => {
    expect(summary(diff({ missing: ['public.orders'] }))).toEqual(['missing table public.orders'])
    const extra = [{ part: 'public.more', kind: 'table' }] as const
    expect(summary(diff({ extra }))).toEqual(['extra table public.more'])
  })

  it('of a view and of its text are one difference', () => {
    expect(summary(diff({ missing: ['public.sales', 'public.sales query'] }))).toEqual([
      'missing view public.sales',
    ])
  })

  it('that are in line are no difference', () => {
    expect(diff({})).toEqual([])
  })
})

describe('the objects of changed parts', () => {
  const diffOrders = (...objects: [kind: LiveObject['kind'], name: string, definition: string][]) =>
    diff({
      changed: [
        {
          part: 'public.orders',
          objects: objects.map(([kind, name, definition]) => ({ kind, name, definition })),
        },
      ],
    })

  it('may be the accepted alternatives', () => {
    expect(
      diffOrders(
        ['table', '', ''],
        ['column', 'id', 'integer not null'],
        ['column', 'total', 'numeric(10,2)'],
      ),
    ).toEqual([])
  })

  it('are missing, changed or extra', () => {
    const differences = diffOrders(
      ['table', '', ''],
      ['column', 'total', 'money'],
      ['column', 'note', 'text'],
    )
    expect(summary(differences)).toEqual([
      'changed column public.orders total',
      'missing column public.orders id',
      'extra column public.orders note',
    ])
    expect(differences[0]).toMatchObject({ expected: 'numeric', found: 'money', partKind: 'table' })
  })

  it('say nothing more when another kind of relation has the name', () => {
    expect(summary(diffOrders(['view', '', ''], ['column', 'id', 'text']))).toEqual([
      'missing table public.orders',
      'extra view public.orders',
    ])
  })

  it('are all missing where nothing is left of what belongs to no table', () => {
    expect(summary(diff({ changed: [{ part: '', objects: [] }] }))).toEqual(['missing schema  public'])
  })
})

it('leaves out what was in a missing schema', () => {
  const table = { digests: ['d'], objects: [['table', '', '']] } as const
  const parts: ExpectedSchema['parts'] = {
    '': {
      digests: ['d'],
      objects: [
        ['enum', 'billing.state', "'open'"],
        ['schema', 'billing', ''],
      ],
    },
    'billing.invoices': table,
    'billings.other': table,
  }
  const differing = {
    ...nothing,
    missing: ['billing.invoices', 'billings.other'],
    changed: [{ part: '', objects: [] }],
  }
  expect(summary(diffCatalog({ parts }, differing))).toEqual([
    'missing table billings.other',
    'missing schema  billing',
  ])
})
