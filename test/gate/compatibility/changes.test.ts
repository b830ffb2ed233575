/** What is said of two catalogs that differ; on a real schema: compare.test.ts. */
import { describe, expect, it } from 'vitest'
import { attribute } from '../../../src/gate/compatibility/attribute.ts'
import type { Catalog, CatalogColumn, CatalogRelation } from '../../../src/gate/compatibility/catalog.ts'
import { compareCatalogs } from '../../../src/gate/compatibility/compare.ts'
import { revokedRights } from '../../../src/gate/compatibility/rights.ts'

const column = (name: string, place: number, more: Partial<CatalogColumn> = {}): CatalogColumn => ({
  ...{ name, place, type: 'text', notNull: false, hasDefault: false, isGenerated: false, collation: '100' },
  ...more,
})
const [id, note] = [column('id', 1), column('note', 2)]
const table = (more: Partial<CatalogRelation> = {}): CatalogRelation => ({
  ...{
    oid: '1',
    name: 'public.t',
    kind: 'r',
    isPartition: false,
    hasRowSecurity: false,
    forcesRowSecurity: false,
    columns: [id, note],
  },
  ...{ constraints: [], uniqueKeys: [], triggers: [], policies: [] },
  ...more,
})
const catalog = (more: Partial<Catalog> = {}): Catalog => ({
  ...{ relations: [], enums: [], functions: [], rights: [] },
  ...more,
})

const words = { running: ['may break', 'breaks'], new: ['', 'needs'] } as const
const said = (before: Catalog, after: Catalog) =>
  compareCatalogs(before, after).map(
    ({ release, isCertain, object, what }) => `${words[release][isCertain ? 1 : 0]} ${object} ${what}`,
  )
/** What is said where one table differs in this. */
const saidOf = (before: Partial<CatalogRelation>, after: Partial<CatalogRelation>) =>
  said(catalog({ relations: [table(before)] }), catalog({ relations: [table(after)] }))
const saidOfColumn = (before: Partial<CatalogColumn>, after: Partial<CatalogColumn>, kind = 'r') => {
  const columns = (more: Partial<CatalogColumn>) => ({ kind, columns: [id, column('note', 2, more)] })
  return saidOf(columns(before), columns(after)).map((text) => text.replace('public.t.note ', ''))
}

describe('relations', () => {
  it.each<[what: string, before: CatalogRelation[], after: CatalogRelation[], sentences: string[]]>([
    ['the same', [table()], [table()], []],
    ['one that is gone', [table()], [], ['breaks public.t is dropped']],
    ['one that is new', [], [table()], ['needs public.t is new']],
    [
      'one with another name',
      [table()],
      [table({ name: 'public.u' })],
      ['breaks public.t is now public.u', 'needs public.u is still public.t'],
    ],
    [
      'a table that was made again',
      [table()],
      [table({ oid: '2' })],
      ['breaks public.t is dropped and made again: its rows are lost'],
    ],
    [
      'a partitioned table that was made again',
      [table({ kind: 'p' })],
      [table({ oid: '2', kind: 'p' })],
      ['breaks public.t is dropped and made again: its rows are lost'],
    ],
    ['a view that was made again', [table({ kind: 'v' })], [table({ oid: '2', kind: 'v' })], []],
    [
      'two that changed their names',
      [table(), table({ oid: '2', name: 'public.u' })],
      [table({ name: 'public.u' }), table({ oid: '2', name: 'public.t' })],
      [
        'may break public.t is another table now: its rows are in public.u',
        'may break public.u is another table now: its rows are in public.t',
      ],
    ],
    [
      'one whose name a new one takes',
      [table()],
      [table({ name: 'public.u' }), table({ oid: '2' })],
      ['may break public.t is another table now: its rows are in public.u', 'needs public.u is new'],
    ],
    [
      'one whose name a view takes, which has other types',
      [table()],
      [
        table({ name: 'public.u' }),
        table({ oid: '2', kind: 'v', columns: [id, column('note', 2, { type: 'int' })] }),
      ],
      ['needs public.u is new'],
    ],
    [
      'one that is a partition of the one that takes its name',
      [table()],
      [table({ name: 'public.u', isPartition: true }), table({ oid: '2', kind: 'p' })],
      [],
    ],
    ['a partition that is gone', [table({ isPartition: true })], [], []],
    ['a partition that is new', [], [table({ isPartition: true })], []],
    ['a partition that becomes a table', [table({ isPartition: true })], [table()], []],
  ])('%s', (_, before, after, sentences) => {
    expect(said(catalog({ relations: before }), catalog({ relations: after }))).toEqual(sentences)
  })

  it('a sequence that a column owns by now can still be named', () => {
    const before = catalog({ relations: [table({ oid: '5', name: 'public.s', kind: 'S' })] })
    const saidOfRights = (key: string, object: string) =>
      said(before, catalog({ rights: [{ key, object, rights: [] }] }))
    expect(saidOfRights('relation 5', 'public.s')).toEqual([])
    expect(saidOfRights('relation 6', 'public.s')).toEqual(['breaks public.s is dropped'])
    expect(saidOfRights('relation 5', 'public.other')).toEqual(['breaks public.s is dropped'])
  })
})

describe('columns', () => {
  it.each<[what: string, before: CatalogColumn[], after: CatalogColumn[], said: string[]]>([
    ['in another order', [id, note], [note, id], []],
    ['one that is gone', [id, note], [id], ['breaks public.t.note is dropped']],
    ['one that is new', [id], [id, note], ['needs public.t.note is new']],
    [
      'one with another name',
      [id, note],
      [id, column('title', 2)],
      ['breaks public.t.note is now title', 'needs public.t.title is still note'],
    ],
    [
      'one that was added again',
      [id, note],
      [id, column('note', 3)],
      ['breaks public.t.note is dropped and added again: its data is lost'],
    ],
    [
      'a new one that every insert has to give',
      [id],
      [id, column('note', 2, { notNull: true })],
      [
        'needs public.t.note is new',
        'breaks public.t.note is new, NOT NULL and has no default: every insert of the running release fails',
      ],
    ],
    [
      'a new one with a default',
      [id],
      [id, column('note', 2, { notNull: true, hasDefault: true })],
      ['needs public.t.note is new'],
    ],
  ])('%s', (_, before, after, said) => {
    expect(saidOf({ columns: before }, { columns: after })).toEqual(said)
  })

  it('of a view cannot be required', () => {
    const required = [id, column('note', 2, { notNull: true })]
    expect(saidOf({ kind: 'v', columns: [id] }, { kind: 'v', columns: required })).toEqual([
      'needs public.t.note is new',
    ])
  })

  it('of a table that was made again are known by their names', () => {
    const moved = { oid: '2', columns: [column('note', 1), column('id', 2)] }
    expect(saidOf({}, moved)).toEqual(['breaks public.t is dropped and made again: its rows are lost'])
  })

  it.each<[before: Partial<CatalogColumn>, after: Partial<CatalogColumn>, said: string[]]>([
    [{}, { isGenerated: true }, ['breaks became GENERATED ALWAYS: explicit values are refused']],
    [{ isGenerated: true }, { isGenerated: true }, []],
    [{ isGenerated: true }, {}, []],
    [
      { notNull: true, hasDefault: true },
      { notNull: true },
      ['breaks lost its default: inserts that leave it out fail'],
    ],
    [{ notNull: true, hasDefault: true }, { notNull: true, hasDefault: true }, []],
    [{ notNull: true }, { notNull: true }, []],
    [{ hasDefault: true }, {}, []],
    [{ hasDefault: true }, { notNull: true }, ['may break became NOT NULL']],
    [{}, { notNull: true }, ['may break became NOT NULL']],
    [{}, { notNull: true, hasDefault: true }, ['may break became NOT NULL (it has a default)']],
    [{ notNull: true }, {}, ['may break may now be null']],
    [{ notNull: true, hasDefault: true }, { hasDefault: true }, ['may break may now be null']],
    [{}, { type: 'integer' }, ['may break was text and is now integer']],
    [{}, { collation: '950' }, ['may break has another collation']],
    [{}, { type: 'integer', collation: '0' }, ['may break was text and is now integer']],
  ])('from %j to %j', (before, after, said) => {
    expect(saidOfColumn(before, after)).toEqual(said)
    expect(saidOfColumn(before, after, 'v')).toEqual([])
  })
})

describe('rules of a table', () => {
  const constraint = (type: string, columns: number[]) => ({
    ...{ oid: '9', name: 'c', type, columns },
    ...{ check: '', target: '' },
  })

  it.each<[type: string, name: string]>([
    ['c', 'a CHECK'],
    ['f', 'a foreign key'],
    ['p', 'a primary key'],
    ['u', 'a UNIQUE'],
    ['x', 'an EXCLUDE'],
    ['z', 'a constraint'],
  ])('a constraint of the type %s is %s more', (type, name) => {
    const after = { constraints: [constraint(type, [2, 3])] }
    expect(saidOf({}, after)).toEqual([`may break public.t has ${name} more, c`])
    expect(saidOf(after, after)).toEqual([])
    expect(saidOf(after, {})).toEqual([])
  })

  it('a constraint that is made again is one more where it is of another type or over other columns', () => {
    const one = { constraints: [constraint('u', [1, 2])] }
    const again = (type: string, columns: number[]) => ({
      constraints: [{ ...constraint(type, columns), oid: '10', check: type === 'c' ? 'n > 0' : '' }],
    })
    expect(saidOf(one, again('u', [2, 1]))).toEqual([])
    expect(saidOf(one, again('u', [2]))).toEqual(['may break public.t has a UNIQUE more, c'])
    expect(saidOf(one, again('p', [1, 2]))).toEqual(['may break public.t has a primary key more, c'])
    expect(saidOf(again('c', [1]), one)).toEqual(['may break public.t has a UNIQUE more, c'])
    expect(saidOf(one, again('c', [1]))).toEqual(['may break public.t has a CHECK more, c'])
    const key = (oid: string, target: string) => ({ constraints: [{ ...constraint('f', [1]), oid, target }] })
    expect(saidOf(key('9', 'public.a'), key('10', 'public.a'))).toEqual([])
    expect(saidOf(key('9', 'public.a'), key('10', 'public.b'))).toEqual([
      'may break public.t has a foreign key more, c',
    ])
    const spaced = { constraints: [{ ...constraint('u', [2]), oid: '10', name: 'c 1' }] }
    expect(saidOf(one, spaced)).toEqual(['may break public.t has a UNIQUE more, c 1'])
    expect(saidOf(one, { constraints: [{ ...constraint('u', [1, 2]), name: 'renamed' }] })).toEqual([])
    const named = { constraints: [{ ...constraint('u', [2]), oid: '10', name: 'c1' }] }
    expect(saidOf(one, named)).toEqual(['may break public.t has a UNIQUE more, c1'])
    // In a table that was made again, places of columns mean nothing.
    expect(saidOf(one, { oid: '2', ...again('u', [2, 3]) })).toEqual([
      'breaks public.t is dropped and made again: its rows are lost',
    ])
  })

  it('a constraint over new columns alone refuses nothing of the running release', () => {
    expect(saidOf({}, { constraints: [constraint('c', [3])] })).toEqual([])
  })

  it('a unique index that is gone may have been named', () => {
    const keys = { uniqueKeys: ['1', '1 2'] }
    expect(saidOf(keys, { uniqueKeys: ['1'] })).toEqual([
      'may break public.t has no unique index any more over id, note, which ON CONFLICT may name',
    ])
    expect(saidOf({ columns: [id], uniqueKeys: ['1'] }, { columns: [id] })).toEqual([
      'may break public.t has no unique index any more over id, which ON CONFLICT may name',
    ])
    expect(saidOf(keys, keys)).toEqual([])
    expect(saidOf({}, keys)).toEqual([])
    // What is gone with a column is said of the column.
    expect(saidOf(keys, { uniqueKeys: ['1'], columns: [id] })).toEqual(['breaks public.t.note is dropped'])
    expect(saidOf(keys, { oid: '2' })).toEqual([
      'breaks public.t is dropped and made again: its rows are lost',
    ])
  })

  it('row level security and other policies may hide rows', () => {
    const [secured, open] = [{ hasRowSecurity: true }, { hasRowSecurity: false }]
    expect(saidOf({}, secured)).toEqual(['may break public.t has row level security: rows may vanish'])
    expect(saidOf(secured, {})).toEqual([])
    expect(saidOf({ ...secured, policies: ['p'] }, { ...secured, policies: ['q'] })).toEqual([
      'may break public.t has other policies: rows may vanish',
    ])
    expect(saidOf({ ...secured, policies: ['p'] }, { ...secured, policies: ['p'] })).toEqual([])
    expect(saidOf({ ...open, policies: ['p'] }, { ...open, policies: ['q'] })).toEqual([])
    expect(saidOf({ ...open, policies: ['p'] }, { ...secured, policies: ['q'] })).toEqual([
      'may break public.t has row level security: rows may vanish',
    ])
    expect(saidOf({ ...secured, policies: ['p'] }, { ...open, policies: ['q'] })).toEqual([])
    expect(saidOf({ ...secured, policies: ['a', 'bc'] }, { ...secured, policies: ['ab', 'c'] })).toHaveLength(
      1,
    )
  })

  it('row level security may begin to count for the owner', () => {
    const secured = { hasRowSecurity: true }
    const forced = { ...secured, forcesRowSecurity: true }
    expect(saidOf(secured, forced)).toEqual([
      'may break public.t has row level security for its owner too: rows may vanish',
    ])
    expect(saidOf({}, forced)).toEqual(['may break public.t has row level security: rows may vanish'])
    expect(saidOf(forced, forced)).toEqual([])
    expect(saidOf(forced, secured)).toEqual([])
  })

  it('a CHECK that is made again under its name may be narrower', () => {
    const check = (oid: string, text: string) => ({
      constraints: [{ ...constraint('c', [2]), oid, check: text }],
    })
    expect(saidOf(check('9', 'n > 0'), check('10', 'n > 1'))).toEqual([
      'may break public.t has another CHECK, c',
    ])
    expect(saidOf(check('9', 'n > 0'), check('10', 'n > 0'))).toEqual([])
    const both = (first: string, second: string) => ({
      constraints: [
        { ...constraint('c', [2]), oid: first, name: 'a', check: 'n > 0' },
        { ...constraint('c', [2]), oid: second, name: 'b', check: 'n > 1' },
      ],
    })
    expect(saidOf(both('9', '10'), both('11', '12'))).toEqual([])
    const more = { constraints: [{ ...constraint('c', [1, 2]), oid: '10', check: 'n > id' }] }
    expect(saidOf(check('9', 'n > 0'), more)).toEqual(['may break public.t has another CHECK, c'])
    // Its column has another name, which is said of the column.
    expect(saidOf(check('9', 'n > 0'), check('9', 'm > 0'))).toEqual([])
  })

  it('a trigger that is new may change what is written', () => {
    expect(saidOf({ triggers: ['a'] }, { triggers: ['a', 'b'] })).toEqual([
      'may break public.t has a new trigger, b',
    ])
    expect(saidOf({ triggers: ['a'] }, {})).toEqual([])
  })
})

describe('enums, functions and rights', () => {
  const mood = (name: string, ...labels: string[]) => catalog({ enums: [{ name, labels }] })

  it('an enum is compared by its values', () => {
    expect(said(mood('m', 'a', 'b'), mood('m', 'b', 'a'))).toEqual([])
    expect(said(mood('m', 'a', 'b'), mood('m', 'a'))).toEqual(["breaks m has no value 'b' any more"])
    expect(said(mood('m', 'a'), mood('m', 'a', 'b'))).toEqual([
      "may break m has a new value 'b', which the running release may read and not know",
      "needs m has no value 'b' yet",
    ])
    expect(said(mood('m', 'a'), mood('other', 'b'))).toEqual([])
  })

  it('a function is compared by its name and arguments', () => {
    const [one, other] = [
      catalog({ functions: ['f(integer)', 'g()'] }),
      catalog({ functions: ['g()', 'f(text)'] }),
    ]
    expect(said(one, other)).toEqual(['breaks f(integer) is dropped', 'needs f(text) is new'])
    expect(said(one, one)).toEqual([])
  })

  const rights = (key: string, object: string, ...list: string[]) => [{ key, object, rights: list }]

  it('a right that is gone may be needed', () => {
    const [before, after] = [
      rights('1', 't', 'SELECT to app', 'INSERT to app'),
      rights('1', 'u', 'SELECT to app'),
    ]
    expect(said(catalog({ rights: before }), catalog({ rights: after }))).toEqual([
      'may break t no longer gives INSERT to app',
    ])
    expect(said(catalog({ rights: after }), catalog({ rights: before }))).toEqual([])
  })

  it('what is made again has lost its rights, and what is gone is said elsewhere', () => {
    const before = rights('1', 't', 'SELECT to app')
    expect(revokedRights(before, rights('2', 't'))).toEqual([{ object: 't', right: 'SELECT to app' }])
    expect(revokedRights(before, rights('2', 'u'))).toEqual([])
    // The running release asks for the name, and the object itself has another one.
    const renamed = [...rights('2', 't'), ...rights('1', 'u', 'SELECT to app')]
    expect(revokedRights(before, renamed)).toEqual([{ object: 't', right: 'SELECT to app' }])
    expect(revokedRights(before, rights('1', 'u', 'SELECT to app'))).toEqual([])
  })
})

describe('each is said with the first migration that makes it so', () => {
  const before = catalog({ functions: ['f()'] })
  const stage = (tag: string, ...functions: string[]) => ({ tag, catalog: catalog({ functions }) })
  const of = (...after: Parameters<typeof attribute>[1]) =>
    attribute(before, after).map(({ migration, what, object }) => `${migration}: ${object} ${what}`)

  it('of several', () => {
    expect(of(stage('one'), stage('two', 'g()'))).toEqual(['one: f() is dropped', 'two: g() is new'])
    expect(of(stage('one', 'f()', 'g()'), stage('two', 'g()'))).toEqual([
      'two: f() is dropped',
      'one: g() is new',
    ])
  })

  it('of one, and of three', () => {
    expect(of(stage('one'))).toEqual(['one: f() is dropped'])
    expect(of(stage('one', 'f()'), stage('two', 'f()', 'g()'), stage('three', 'g()'))).toEqual([
      ...['three: f() is dropped', 'two: g() is new'],
    ])
  })

  it('and not at all where a later one takes it back', () => {
    expect(of(stage('one'), stage('two', 'f()'))).toEqual([])
    expect(of(stage('one', 'f()', 'g()'), stage('two', 'f()'))).toEqual([])
  })

  it('and nothing is said where there are none', () => expect(of()).toEqual([]))
})
