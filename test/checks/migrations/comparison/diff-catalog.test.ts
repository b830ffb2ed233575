import { describe, expect, it } from 'vitest'
import { type Difference, diffCatalog } from '../../../../src/checks/migrations/comparison/diff-catalog.ts'
import {
  type ExpectedPart,
  type Kind,
  readObject,
  type SchemaObject,
  writeObject,
} from '../../../../src/checks/migrations/expected-schema.ts'
import type { ChangedPart } from '../../../../src/checks/migrations/queries/differing.ts'

type Cells = [kind: Kind, name: string, definition: string]
const object = ([kind, name, definition]: Cells): SchemaObject => ({ kind, name, definition })
const texts = (...objects: Cells[]): string[] => objects.map((each) => writeObject(object(each)))

const orders: ExpectedPart = {
  part: 'public.orders',
  kind: 'table',
  digests: ['d1'],
  objectDigests: '',
  objects: texts(['column', 'id', 'integer not null'], ['column', 'total', 'numeric'], ['table', '', '']),
}
const view: ExpectedPart = {
  part: 'public.sales',
  kind: 'view',
  digests: ['d2'],
  objectDigests: '',
  objects: texts(['view', '', '']),
}
const query: ExpectedPart = {
  part: 'public.sales query',
  kind: 'query',
  digests: ['d3'],
  objectDigests: '',
  objects: texts(['query', '', 'SELECT 1']),
}
const nameless: ExpectedPart = {
  part: '',
  kind: null,
  digests: ['d4'],
  objectDigests: '',
  objects: texts(['enum', 'billing.state', "'open'"], ['schema', 'billing', '']),
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

  it('are named after their kind, and have no name of their own', () => {
    expect(diff({ missing: [orders], extra: [{ part: 'public.more', kind: 'view' }] })).toEqual([
      { difference: 'missing', kind: 'table', part: 'public.orders', partKind: 'table', name: '' },
      { difference: 'extra', kind: 'view', part: 'public.more', partKind: 'view', name: '' },
    ])
  })

  it('that are named after nothing are named by what they belong to', () => {
    expect(diff({ missing: [{ ...orders, kind: null }] })).toEqual([])
  })

  it('that are in sync are not a difference', () => {
    expect(diff({})).toEqual([])
  })
})

describe('the objects of changed parts', () => {
  const diffOrders = (expected: ChangedPart['expected'], ...live: Cells[]) =>
    diff({
      changed: [
        {
          part: orders,
          expected,
          live: live.map(object),
        },
      ],
    })
  const [id, total, table] = orders.objects.map(readObject) as [SchemaObject, SchemaObject, SchemaObject]

  it('are missing, changed or extra', () => {
    const differences = diffOrders([id, total], ['column', 'total', 'money'], ['column', 'note', 'text'])
    expect(summary(differences)).toEqual([
      'missing column public.orders id',
      'changed column public.orders total',
      'extra column public.orders note',
    ])
    expect(differences[1]).toMatchObject({ expected: 'numeric', found: 'money', partKind: 'table' })
  })

  it('are found beside the table where that is still one, and changed itself', () => {
    const differences = diffOrders([id, table], ['column', 'id', 'bigint'], ['table', '', 'unlogged'])
    expect(summary(differences)).toEqual(['changed column public.orders id', 'changed table public.orders'])
  })

  it('are found beside what is set for the table as a whole', () => {
    const parameters: SchemaObject = { kind: 'storage parameters', name: '', definition: 'fillfactor=70' }
    expect(summary(diffOrders([parameters, id], ['column', 'id', 'bigint']))).toEqual([
      'missing storage parameters public.orders',
      'changed column public.orders id',
    ])
  })

  it('have what the migrations make, what is there, or both', () => {
    expect(diffOrders([id, total], ['column', 'total', 'money'], ['column', 'note', 'text'])).toEqual([
      {
        ...{ difference: 'missing', kind: 'column', part: 'public.orders', partKind: 'table', name: 'id' },
        expected: 'integer not null',
      },
      {
        ...{ difference: 'changed', kind: 'column', part: 'public.orders', partKind: 'table', name: 'total' },
        expected: 'numeric',
        found: 'money',
      },
      {
        ...{ difference: 'extra', kind: 'column', part: 'public.orders', partKind: 'table', name: 'note' },
        found: 'text',
      },
    ])
  })

  it('of one name and two kinds are two', () => {
    const constraint: Cells = ['constraint', 'id', 'CHECK (true)']
    expect(summary(diffOrders([id], constraint))).toEqual([
      'missing column public.orders id',
      'extra constraint public.orders id',
    ])
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
    kind: 'table',
    digests: ['d'],
    objectDigests: '',
    objects: texts(['table', '', '']),
  }

  it('is reported by its objects, also when nothing of it is left', () => {
    const other = { ...nameless, objects: nameless.objects.slice(0, 1) }
    expect(summary(diff({ missing: [other] }))).toEqual(['missing enum  billing.state'])
  })

  it('leaves out what was in a missing schema', () => {
    const missing = [table, { ...table, part: 'billings.other' }, nameless]
    expect(summary(diff({ missing }))).toEqual(['missing table billings.other', 'missing schema  billing'])
  })

  it('leaves out nothing for an extension with the name of a schema', () => {
    const extension = { ...nameless, objects: texts(['extension', 'billing', '']) }
    expect(summary(diff({ missing: [table, extension] }))).toEqual([
      'missing table billing.invoices',
      'missing extension  billing',
    ])
  })

  it('leaves out nothing for a schema that is extra, or for a table that is missing', () => {
    const schema = { kind: 'schema', name: 'billing', definition: '' } as const
    const changed: ChangedPart = { part: nameless, expected: [], live: [schema] }
    expect(summary(diff({ missing: [table], changed: [changed] }))).toEqual([
      'missing table billing.invoices',
      'extra schema  billing',
    ])
  })
})
