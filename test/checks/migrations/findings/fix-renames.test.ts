import { describe, expect, it } from 'vitest'
import type { Difference } from '../../../../src/checks/migrations/comparison/diff-catalog.ts'
import { toFindings } from '../../../../src/checks/migrations/findings/finding.ts'
import { differ, fixed, free } from './differ.ts'

const said = (differences: readonly Difference[]) =>
  Object.fromEntries(toFindings(differences).shown.map(({ object, fix, noFix }) => [object, fix ?? noFix]))

const unique = (name: string, expected?: string, found?: string) =>
  differ('constraint', name, {
    ...(expected !== undefined && { expected: `UNIQUE (${expected})` }),
    ...(found !== undefined && { found: `UNIQUE (${found})` }),
  })

describe('names that objects have taken from each other', () => {
  it('two constraints are renamed through a third name, by the fix of the first', () => {
    expect(said([unique('a', 'x', 'y'), unique('b', 'y', 'x')])).toEqual({
      'public.orders.a':
        'BEGIN; ALTER TABLE public.orders RENAME CONSTRAINT b TO edge_health_renamed; ALTER TABLE public.orders RENAME CONSTRAINT a TO b; ALTER TABLE public.orders RENAME CONSTRAINT edge_health_renamed TO a; COMMIT',
      'public.orders.b': 'the fix of public.orders.a renames it',
    })
  })

  it('two indexes are renamed and not made anew, in their schema', () => {
    const index = (name: string, column: string) =>
      `CREATE INDEX ${name} ON public.orders USING btree (${column})`
    const [a, b] = [
      differ('index', 'public.a', { expected: index('a', 'x'), found: index('a', 'y') }),
      differ('index', 'public."B"', { expected: index('"B"', 'y'), found: index('"B"', 'x') }),
    ]
    expect(fixed(a, [b])).toEqual([
      'ALTER INDEX public."B" RENAME TO edge_health_renamed',
      'ALTER INDEX public.a RENAME TO "B"',
      'ALTER INDEX public.edge_health_renamed RENAME TO a',
    ])
    expect(fixed(b, [a])).toHaveLength(3)
    expect(said([a, b])['public."B"']).toBe('the fix of public.a renames it')
  })

  it('where one gave its name on, the free name comes first, and the extra one is not dropped', () => {
    const [first, missing, extra] = [unique('a', 'x', 'y'), unique('b', 'y'), unique('c', undefined, 'x')]
    expect(said([first, missing, extra])).toEqual({
      'public.orders.a':
        'BEGIN; ALTER TABLE public.orders RENAME CONSTRAINT a TO b; ALTER TABLE public.orders RENAME CONSTRAINT c TO a; COMMIT',
      'public.orders.b': 'the fix of public.orders.a renames it',
      'public.orders.c': 'the fix of public.orders.a renames it',
    })
  })

  it.each([
    ['nothing has the definition of one of them', [unique('a', 'x', 'y'), unique('b', 'y', 'z')]],
    ['one would be left over under the name', [unique('a', 'x', 'z'), unique('b', undefined, 'x')]],
    [
      'two have the same definition',
      [unique('a', 'x', 'y'), unique('b', 'y', 'x'), unique('c', undefined, 'x')],
    ],
    ['two need the same definition', [unique('a', 'x', 'y'), unique('b', 'y', 'x'), unique('c', 'x')]],
    [
      'they are of different tables',
      [unique('a', 'x', 'y'), { ...unique('b', 'y', 'x'), part: 'public.other' }],
    ],
    [
      'they are of different kinds',
      [unique('a', 'x', 'y'), { ...unique('b', 'y', 'x'), kind: 'index' } as const],
    ],
  ])('nothing is renamed where %s', (_, differences) => {
    const [first, ...others] = differences
    expect(fixed(first ?? expect.unreachable(), others)).toBeUndefined()
    expect(JSON.stringify(said(differences))).not.toMatch(/edge_health_renamed|the fix of/)
  })

  it('indexes of two tables are renamed too: their names are those of the schema', () => {
    const index = (name: string, table: string, side: 'expected' | 'found') =>
      differ(
        'index',
        `public.${name}`,
        { [side]: `CREATE INDEX ${name} ON public.${table} USING btree (x)` },
        { part: `public.${table}`, partKind: 'table' },
      )
    const swapped = [
      index('a', 'one', 'expected'),
      index('b', 'one', 'found'),
      index('b', 'two', 'expected'),
      index('a', 'two', 'found'),
    ]
    expect(said(swapped)).toMatchObject({
      'public.a': 'the fix of public.a renames it',
      'public.b': 'the fix of public.a renames it',
    })
    expect(toFindings(swapped).shown[0]?.fix).toBe(
      'BEGIN; ALTER INDEX public.b RENAME TO edge_health_renamed; ALTER INDEX public.a RENAME TO b; ALTER INDEX public.edge_health_renamed RENAME TO a; COMMIT',
    )
  })

  it('a key of another table is out of the way first where its own fix renames it', () => {
    const other = { part: 'public.other', partKind: 'table' } as const
    const [x, y] = [{ expected: 'UNIQUE (x)' }, { found: 'UNIQUE (x)' }]
    const differences = [
      differ('constraint', 'a', x),
      differ('constraint', 'c', y),
      differ('constraint', 'b', x, other),
      differ('constraint', 'a', y, other),
    ]
    const { shown } = toFindings(differences)
    expect(shown.flatMap(({ fix }) => fix ?? [])).toEqual([
      'ALTER TABLE public.other RENAME CONSTRAINT a TO b',
      'ALTER TABLE public.orders RENAME CONSTRAINT c TO a',
    ])
  })

  it('no fix is said to rename it where that has none: both are in the way of each other', () => {
    const other = { part: 'public.other', partKind: 'table' } as const
    const [x, y] = [{ expected: 'UNIQUE (x)' }, { found: 'UNIQUE (x)' }]
    const differences = [
      differ('constraint', 'a', x),
      differ('constraint', 'b', y),
      differ('constraint', 'b', x, other),
      differ('constraint', 'a', y, other),
    ]
    expect(said(differences)).toEqual({
      'public.orders.a': 'public.other.a is in the way',
      'public.other.b': 'public.orders.b is in the way',
      'public.orders.b': 'it may be public.orders.a under another name',
      'public.other.a': 'it may be public.other.b under another name',
    })
  })

  it('a constraint that was only renamed says whose fix renames it', () => {
    expect(said([unique('b', 'x'), unique('a', undefined, 'x')])).toEqual({
      'public.orders.b': 'ALTER TABLE public.orders RENAME CONSTRAINT a TO b',
      'public.orders.a': 'the fix of public.orders.b renames it',
    })
  })

  it('a policy is dropped and made: it holds nothing', () => {
    const [a, b] = [
      differ('policy', 'a', { expected: 'for all to x', found: 'for all to y' }),
      differ('policy', 'b', { expected: 'for all to y', found: 'for all to x' }),
    ]
    expect(fixed(a, [b])?.[0]).toBe('DROP POLICY a ON public.orders')
  })
})

describe('a sequence', () => {
  const options = 'as bigint start 1 increment 1'
  const [missing, extra] = [
    differ('sequence', 'public.s', { expected: options }, free),
    differ('sequence', 'public."T"', { found: options }, free),
  ]
  const column = (expected: string, found: string) =>
    differ('column', 'n', {
      expected: `bigint default nextval('${expected}'::regclass)`,
      found: `bigint default nextval('${found}'::regclass)`,
    })

  it('is renamed where a default names it under its other name', () => {
    expect(said([missing, extra, column('public.s', 'public."T"')])).toEqual({
      'public.s': 'ALTER SEQUENCE public."T" RENAME TO s',
      'public."T"': 'the fix of public.s renames it',
      'public.orders.n': `ALTER TABLE public.orders ALTER COLUMN n SET DEFAULT nextval('public.s'::regclass)`,
    })
  })

  it.each([
    ['nothing names it', []],
    ['a default names another one', [column('public.s', 'public.u')]],
    ['another default took its place', [column('public.t', 'public."T"')]],
  ])('has a word why it is not renamed where %s', (_, others) => {
    expect(said([missing, extra, ...others])['public.s']).toBe(
      'public."T" may be this one under another name (then: ALTER SEQUENCE public."T" RENAME TO s), or one of its own: only you know',
    )
    expect(said([missing, extra, ...others])['public."T"']).toBeUndefined()
  })

  it('that took the place of two is renamed to neither', () => {
    const second = differ('sequence', 'public.u', { expected: options }, free)
    const others = [column('public.s', 'public."T"'), { ...column('public.u', 'public."T"'), name: 'm' }]
    const texts = said([missing, second, extra, ...others])
    expect(texts['public.s']).toMatch(/or one of its own: only you know$/)
    expect(texts['public.u']).toMatch(/or one of its own: only you know$/)
    expect(texts['public.orders.n']).toBe('it needs public.s, which is missing')
  })

  it('that belongs to the same column is renamed; two of the same name would be in the way of each other', () => {
    const owned = (name: string, of: string, side: 'expected' | 'found') =>
      differ(
        'sequence',
        name,
        { [side]: `${options} owned by public.${of}.id` },
        { part: `public.${of}`, partKind: 'table' },
      )
    expect(fixed(owned('public.a', 'a', 'expected'), [owned('public.b', 'a', 'found')])).toEqual([
      'ALTER SEQUENCE public.b RENAME TO a',
    ])
    const swapped = [
      owned('public.a', 'a', 'expected'),
      owned('public.b', 'a', 'found'),
      owned('public.b', 'b', 'expected'),
      owned('public.a', 'b', 'found'),
    ] as const
    expect(fixed(swapped[0], swapped.slice(1))).toEqual([
      'ALTER SEQUENCE public.b RENAME TO edge_health_renamed',
      'ALTER SEQUENCE public.a RENAME TO b',
      'ALTER SEQUENCE public.edge_health_renamed RENAME TO a',
    ])
    expect(said(swapped)['public.b']).toBe('the fix of public.a renames it')
    // Nobody knows what it is, and it has the name.
    const inTheWay = differ('sequence', 'public.a', { found: options }, free)
    expect(fixed(swapped[0], [swapped[1], inTheWay])).toBeUndefined()
  })
})

it('the definitions of many differences are read a few times each, however many there are', () => {
  let reads = 0
  const many = Array.from({ length: 500 }, (_, at) => ({
    ...differ('index', `public.i${at}`, { expected: '', found: `CREATE INDEX i${at} ON t (b${at})` }),
    get expected() {
      reads += 1
      return `CREATE INDEX i${at} ON t (a${at})`
    },
  }))
  expect(toFindings(many).shown).toHaveLength(20)
  expect(reads / many.length).toBeLessThan(100)
})
