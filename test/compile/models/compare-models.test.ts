import { describe, expect, it } from 'vitest'
import { namesAhead } from '../../../src/compile/models/compare-models.ts'

const id = { name: 'id', type: 'integer', primaryKey: true, notNull: true }
const table = (more: object = {}) => ({ name: 'orders', schema: '', columns: { id }, ...more })
const snapshot = (orders: object, more: object = {}) => ({
  version: '7',
  tables: { 'public.orders': orders },
  ...more,
})
const ahead = (models: object, known: object) => namesAhead(snapshot(table(models)), snapshot(table(known)))

describe('models are ahead of the newest snapshot', () => {
  it('by a table', () => {
    expect(namesAhead(snapshot(table()), { tables: {} })).toEqual(['public.orders'])
  })

  it('by a column', () => {
    const total = { name: 'total', type: 'integer', primaryKey: false, notNull: false }
    expect(ahead({ columns: { id, total } }, {})).toEqual(['public.orders.total'])
  })

  it.each([
    ['type', { ...id, type: 'bigint' }, id],
    ['nullability', { ...id, notNull: false }, id],
    ['new default', { ...id, default: 1 }, id],
    ['new default that is false', { ...id, default: false }, id],
    ['new default that is empty', { ...id, default: '' }, id],
    ['lost default', id, { ...id, default: false }],
    ['other default', { ...id, default: 1 }, { ...id, default: 2 }],
  ])('by the %s of a column', (_, model, known) => {
    expect(ahead({ columns: { id: model } }, { columns: { id: known } })).toEqual(['public.orders.id'])
  })

  it.each([
    ['indexes', 'public.orders index o'],
    ['foreignKeys', 'public.orders foreign key o'],
    ['compositePrimaryKeys', 'public.orders primary key o'],
    ['uniqueConstraints', 'public.orders unique o'],
    ['checkConstraints', 'public.orders check o'],
    ['policies', 'public.orders policy o'],
  ])('by one of the %s', (part, name) => {
    expect(ahead({ [part]: { o: { columns: ['a'] } } }, { [part]: { o: { columns: ['b'] } } })).toEqual([
      name,
    ])
    expect(ahead({ [part]: { o: { columns: ['a'] } } }, {})).toEqual([name])
  })

  it('by row level security', () => {
    expect(ahead({ isRLSEnabled: true }, { isRLSEnabled: false })).toEqual(['public.orders'])
  })

  it.each([
    ['enums', 'enum public.x'],
    ['schemas', 'schema public.x'],
    ['sequences', 'sequence public.x'],
    ['roles', 'role public.x'],
    ['policies', 'policy public.x'],
    ['views', 'view public.x'],
  ])('by one of the %s of the database', (kind, name) => {
    const models = snapshot(table(), { [kind]: { 'public.x': { values: ['a', 'b'] } } })
    expect(namesAhead(models, snapshot(table(), { [kind]: { 'public.x': { values: ['b', 'a'] } } }))).toEqual(
      [name],
    )
    expect(namesAhead(models, snapshot(table()))).toEqual([name])
  })
})

describe('models are in sync', () => {
  it('when what one has as empty is absent in the other', () => {
    const empty = { policies: {}, checkConstraints: {}, isRLSEnabled: false, indexes: {} }
    expect(ahead(empty, {})).toEqual([])
    expect(ahead({}, empty)).toEqual([])
    expect(
      ahead(
        { columns: { id: { ...id, identity: undefined } } },
        { columns: { id: { ...id, identity: null } } },
      ),
    ).toEqual([])
  })

  it('when only the migrations have something: models are often a part of them', () => {
    const known = {
      columns: { id, legacy: { name: 'legacy', type: 'text' } },
      indexes: { by_hand: { columns: [] } },
    }
    expect(ahead({}, known)).toEqual([])
    expect(namesAhead({ tables: {} }, snapshot(table(), { views: { 'public.v': {} } }))).toEqual([])
  })

  it('whatever the ids and the order of keys', () => {
    const models = { ...snapshot(table()), id: '1', prevId: '2', _meta: { columns: {} } }
    const known = {
      ...snapshot({
        columns: { id: Object.fromEntries(Object.entries(id).reverse()) },
        schema: '',
        name: 'orders',
      }),
      id: '3',
    }
    expect(namesAhead(models, known)).toEqual([])
  })
})
