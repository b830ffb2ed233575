import { describe, expect, it } from 'vitest'
import {
  collapseSchemas,
  type Difference,
  diffObjects,
  diffParts,
} from '../../../src/checks/migrations/catalog.ts'
import type { ExpectedSchema } from '../../../src/checks/migrations/expected.ts'
import type { PartDigest } from '../../../src/checks/migrations/question.ts'

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
const live: readonly PartDigest[] = [
  { part: '', kind: undefined, digest: 'd0' },
  { part: 'public.orders', kind: 'table', digest: 'd1' },
  { part: 'public.sales', kind: 'view', digest: 'd2' },
  { part: 'public.sales query', kind: 'query', digest: 'd3' },
]
const without = (...parts: string[]) => live.filter(({ part }) => !parts.includes(part))
const changing = (part: string, digest: string) =>
  live.map((row) => (row.part === part ? { ...row, digest } : row))
const summary = (differences: readonly Difference[]) =>
  differences.map(({ difference, kind, part, name }) => [difference, kind, part, name].join(' ').trim())

describe('the digests of parts', () => {
  const diff = (rows: readonly PartDigest[], withQueries = true) => {
    const { differences, changed } = diffParts(expected, rows, withQueries)
    return { differences: summary(differences), changed }
  }

  it('are in line when each is one of the accepted ones', () => {
    expect(diff(live)).toEqual({ differences: [], changed: [] })
    expect(diff(changing('public.orders', 'd1 restored'))).toEqual({ differences: [], changed: [] })
  })

  it('tell which part to ask for', () => {
    expect(diff(changing('public.orders', 'other')).changed).toEqual(['public.orders'])
    expect(diff(changing('', 'other')).changed).toEqual([''])
    expect(diff(without('')).changed).toEqual([''])
  })

  it('make one difference of a missing table, and of an extra one', () => {
    expect(diff(without('public.orders')).differences).toEqual(['missing table public.orders'])
    const more: PartDigest = { part: 'public.more', kind: 'table', digest: 'x' }
    expect(diff([...live, more]).differences).toEqual(['extra table public.more'])
  })

  it('make one difference of a view and its text', () => {
    expect(diff(without('public.sales', 'public.sales query')).differences).toEqual([
      'missing view public.sales',
    ])
    const more = [
      { part: 'public.more', kind: 'view', digest: 'x' },
      { part: 'public.more query', kind: 'query', digest: 'y' },
    ] as const
    expect(diff([...live, ...more]).differences).toEqual(['extra view public.more'])
  })

  it('leave the text of views out where the server prints it otherwise', () => {
    expect(diff(changing('public.sales query', 'other')).changed).toEqual(['public.sales query'])
    expect(diff(changing('public.sales query', 'other'), false).changed).toEqual([])
  })
})

describe('the objects of changed parts', () => {
  const diff = (...objects: [kind: 'table' | 'column' | 'view', name: string, definition: string][]) =>
    diffObjects(
      expected,
      ['public.orders'],
      objects.map(([kind, name, definition]) => ({ part: 'public.orders', kind, name, definition })),
    )

  it('may be the accepted alternatives', () => {
    expect(
      diff(['table', '', ''], ['column', 'id', 'integer not null'], ['column', 'total', 'numeric(10,2)']),
    ).toEqual([])
  })

  it('are missing, changed or extra', () => {
    const differences = diff(['table', '', ''], ['column', 'total', 'money'], ['column', 'note', 'text'])
    expect(summary(differences)).toEqual([
      'changed column public.orders total',
      'missing column public.orders id',
      'extra column public.orders note',
    ])
    expect(differences[0]).toMatchObject({ expected: 'numeric', found: 'money', partKind: 'table' })
  })

  it('say nothing more when another kind of relation has the name', () => {
    expect(summary(diff(['view', '', ''], ['column', 'id', 'text']))).toEqual([
      'missing table public.orders',
      'extra view public.orders',
    ])
  })
})

it('leaves out what was in a missing schema', () => {
  const missing = { difference: 'missing', partKind: undefined } as const
  const differences: Difference[] = [
    { ...missing, kind: 'schema', part: '', name: 'billing' },
    { ...missing, kind: 'enum', part: '', name: 'billing.state' },
    { ...missing, kind: 'table', part: 'billing.invoices', name: '' },
    { ...missing, kind: 'table', part: 'billings.other', name: '' },
  ]
  expect(summary(collapseSchemas(differences))).toEqual([
    'missing schema  billing',
    'missing table billings.other',
  ])
})
