import { describe, expect, it } from 'vitest'
import type { Difference } from '../../../../src/checks/migrations/comparison/diff-catalog.ts'
import { rankOf, statementsOf } from '../../../../src/checks/migrations/findings/fix.ts'
import { differ, fixed, free } from './differ.ts'

describe('a missing column', () => {
  const missing = differ('column', 'sum', { expected: 'numeric' })

  it('is not added beside an extra one of its definition, which may be it under another name', () => {
    expect(fixed(missing, [differ('column', 'total', { found: 'numeric' })])).toBeUndefined()
  })

  it.each([
    ['of another definition', differ('column', 'total', { found: 'money' })],
    [
      'of another table',
      differ('column', 'total', { found: 'numeric' }, { part: 'public.other', partKind: 'table' }),
    ],
    ['that is missing too', differ('column', 'total', { expected: 'numeric' })],
    ['of another kind', differ('constraint', 'total', { found: 'numeric' })],
  ])('is added beside one %s', (_, other) => {
    expect(fixed(missing, [other])).toEqual(['ALTER TABLE public.orders ADD COLUMN sum numeric'])
  })

  it('is not added where it is required and its default is NULL, and an extra one no longer refuses', () => {
    const definition = 'character varying(9) default NULL::character varying not null'
    expect(fixed(differ('column', 'code', { expected: definition }))).toBeUndefined()
    expect(fixed(differ('column', 'code', { found: definition }))?.[0]).toMatch(
      /ALTER COLUMN code DROP NOT NULL/,
    )
  })

  it('is added where it is generated, although it is required', () => {
    const id = 'integer generated always as identity not null'
    expect(fixed(differ('column', 'id', { expected: id }))).toEqual([
      `ALTER TABLE public.orders ADD COLUMN id ${id}`,
    ])
  })
})

it('a column that is extra, required and generated fills itself: nothing is offered', () => {
  const found = 'integer generated always as identity not null'
  expect(fixed(differ('column', 'id', { found }))).toBeUndefined()
})

it('of a column only what differs is changed', () => {
  expect(fixed(differ('column', 'n', { expected: 'integer not null', found: 'integer' }))).toEqual([
    'ALTER TABLE public.orders ALTER COLUMN n SET NOT NULL',
  ])
  expect(fixed(differ('column', 'n', { expected: 'integer', found: 'integer default 1' }))).toEqual([
    'ALTER TABLE public.orders ALTER COLUMN n DROP DEFAULT',
  ])
})

describe('what has another name', () => {
  const check = 'CHECK ((total > 0))'
  it('a constraint is renamed, and the one of the old name is not dropped', () => {
    const [missing, extra] = [
      differ('constraint', 'b', { expected: check }),
      differ('constraint', 'a', { found: check }),
    ]
    expect(fixed(missing, [extra])).toEqual(['ALTER TABLE public.orders RENAME CONSTRAINT a TO b'])
    expect(fixed(extra, [missing])).toBeUndefined()
  })

  it('of several with one definition the first is renamed to the first, and what is left is added or dropped', () => {
    const missing = ['m1', 'm2'].map((name) => differ('constraint', name, { expected: check }))
    const extra = ['e1', 'e2', 'e3'].map((name) => differ('constraint', name, { found: check }))
    const all = [...extra, ...missing]
    const of = (one: Difference) => statementsOf(one, { differences: all, parts: [] })
    expect(missing.map(of)).toEqual([
      ['ALTER TABLE public.orders RENAME CONSTRAINT e1 TO m1'],
      ['ALTER TABLE public.orders RENAME CONSTRAINT e2 TO m2'],
    ])
    expect(extra.map(of)).toEqual([undefined, undefined, ['ALTER TABLE public.orders DROP CONSTRAINT e3']])
  })

  it('an index is renamed by its definition without its name', () => {
    const index = (name: string) => `CREATE INDEX ${name} ON public.orders USING btree (a)`
    const missing = differ('index', 'public.b', { expected: index('b') })
    const extra = differ('index', 'public.a', { found: index('a') })
    expect(fixed(missing, [extra])).toEqual(['ALTER INDEX public.a RENAME TO b'])
    expect(fixed(extra, [missing])).toBeUndefined()
  })

  it.each([
    [
      'trigger',
      (name: string) =>
        `CREATE TRIGGER ${name} AFTER INSERT ON public.orders FOR EACH ROW EXECUTE FUNCTION f()`,
    ],
    ['rule', (name: string) => `CREATE RULE ${name} AS ON DELETE TO public.orders DO ALSO SELECT 1;`],
    ['policy', () => 'as permissive for all to public using (true)'],
  ] as const)('a %s is renamed, since two of them would do it twice', (kind, definition) => {
    const missing = differ(kind, 'b', { expected: definition('b') })
    const extra = differ(kind, 'a', { found: definition('a') })
    expect(fixed(missing, [extra])).toEqual([`ALTER ${kind.toUpperCase()} a ON public.orders RENAME TO b`])
    expect(fixed(extra, [missing])).toBeUndefined()
    const other = differ(kind, 'a', { found: `${definition('a')} [disabled]` })
    expect(fixed(missing, [other])?.[0]).toMatch(/^CREATE /)
  })

  it.each([
    [
      'another table',
      differ('constraint', 'a', { found: check }, { part: 'public.other', partKind: 'table' }),
    ],
    ['another kind', differ('policy', 'a', { found: check })],
    ['another definition', differ('constraint', 'a', { found: 'CHECK (true)' })],
    ['one that changed', differ('constraint', 'a', { expected: 'CHECK (true)', found: check })],
  ])('nothing is renamed from %s', (_, other) => {
    expect(fixed(differ('constraint', 'b', { expected: check }), [other])).toEqual([
      `ALTER TABLE public.orders ADD CONSTRAINT b ${check}`,
    ])
  })
})

it.each(['CHECK', 'FOREIGN KEY', 'EXCLUDE'])('a %s that changed is made anew', (kind) => {
  expect(fixed(differ('constraint', 'c', { expected: `${kind} (a)`, found: `${kind} (b)` }))).toEqual([
    `ALTER TABLE public.orders DROP CONSTRAINT c, ADD CONSTRAINT c ${kind} (a)`,
  ])
})

it('an extra unique index is dropped, but not where the table may be replicated by it', () => {
  const index = differ('index', 'public.i', {
    found: 'CREATE UNIQUE INDEX i ON public.orders USING btree (a)',
  })
  const replicated = differ('table', '', { expected: '', found: 'replica identity index' })
  expect(fixed(index)).toEqual(['DROP INDEX public.i'])
  expect(fixed(index, [replicated])).toBeUndefined()
  const other = { part: 'public.other', partKind: 'table' } as const
  expect(
    fixed(index, [differ('table', '', { expected: '', found: 'replica identity index' }, other)]),
  ).toEqual(['DROP INDEX public.i'])
  const plain = differ('index', 'public.p', { found: 'CREATE INDEX p ON public.orders USING btree (a)' })
  expect(fixed(plain, [replicated])).toEqual(['DROP INDEX public.p'])
})

it('a default that says "generated" is a default', () => {
  const expected = "text default 'not generated yet'::text"
  expect(fixed(differ('column', 'note', { expected, found: 'text' }))).toEqual([
    `ALTER TABLE public.orders ALTER COLUMN note SET DEFAULT 'not generated yet'::text`,
  ])
})

describe('an index of a partitioned table', () => {
  const only = 'CREATE INDEX i ON ONLY public.orders USING btree (a)'
  it('keeps what only looks like it in a condition', () => {
    const partial = `CREATE UNIQUE INDEX "a b" ON public.orders USING btree (a) WHERE (note = 'sold ON ONLY site'::text)`
    expect(fixed(differ('index', 'public."a b"', { expected: partial }))).toEqual([partial])
    expect(
      fixed(differ('index', 'public."a b"', { expected: partial.replace('ON public', 'ON ONLY public') })),
    ).toEqual([partial])
    expect(
      fixed(differ('index', 'public."a b"', { expected: partial, found: `${partial} [invalid]` })),
    ).toEqual(['REINDEX INDEX public."a b"'])
  })

  it('is made with those of its partitions', () => {
    expect(fixed(differ('index', 'public.i', { expected: only }))).toEqual([
      'CREATE INDEX i ON public.orders USING btree (a)',
    ])
  })

  it('that is invalid is made anew, since REINDEX would leave it as it is', () => {
    expect(fixed(differ('index', 'public.i', { expected: only, found: `${only} [invalid]` }))).toEqual([
      'DROP INDEX public.i',
      'CREATE INDEX i ON public.orders USING btree (a)',
    ])
  })
})

it('statistics are made, dropped, or both', () => {
  const made = 'CREATE STATISTICS public.s ON a, b FROM public.orders'
  const drop = 'DROP STATISTICS public.s'
  expect(fixed(differ('statistics', 'public.s', { expected: made }))).toEqual([made])
  expect(fixed(differ('statistics', 'public.s', { found: made }))).toEqual([drop])
  expect(fixed(differ('statistics', 'public.s', { expected: made, found: 'x' }))).toEqual([drop, made])
})

describe('a schema, an extension and a type', () => {
  it.each([
    ['schema', 'billing', '', 'CREATE SCHEMA billing'],
    ['extension', 'citext', 'schema public', 'CREATE EXTENSION citext schema public'],
    ['domain', 'public.d', 'integer CHECK (true)', 'CREATE DOMAIN public.d AS integer CHECK (true)'],
    ['enum', 'public.e', "'a', 'b'", "CREATE TYPE public.e AS ENUM ('a', 'b')"],
  ] as const)(
    '%s: is made where it is missing, and never dropped or made anew',
    (kind, name, expected, sql) => {
      expect(fixed(differ(kind, name, { expected }, free))).toEqual([sql])
      expect(fixed(differ(kind, name, { found: expected }, free))).toBeUndefined()
      if (kind !== 'enum') expect(fixed(differ(kind, name, { expected, found: 'x' }, free))).toBeUndefined()
    },
  )

  const change = (expected: string, found: string) =>
    fixed(differ('enum', 'public.e', { expected, found }, free))
  it('an enum gets a value before the first one, and its first value', () => {
    expect(change("'a', 'b'", "'b'")).toEqual(["ALTER TYPE public.e ADD VALUE IF NOT EXISTS 'a' BEFORE 'b'"])
    expect(change("'a'", '')).toEqual(["ALTER TYPE public.e ADD VALUE IF NOT EXISTS 'a'"])
  })

  it('a value is not renamed to one that is there, nor where another order is meant', () => {
    expect(change("'a', 'c'", "'a', 'b', 'c'")).toBeUndefined()
    expect(change("'b', 'b'", "'a', 'b'")).toBeUndefined()
    expect(change("'x', 'a', 'c'", "'a', 'b', 'c'")).toBeUndefined()
  })
})

describe('policies, triggers and rules', () => {
  it.each([
    ['policy', 'for all', 'DROP POLICY x ON public.orders', 'CREATE POLICY x ON public.orders for all'],
    ['trigger', 'CREATE TRIGGER x', 'DROP TRIGGER x ON public.orders', 'CREATE TRIGGER x'],
    ['rule', 'CREATE RULE x;', 'DROP RULE x ON public.orders', 'CREATE RULE x'],
  ] as const)(
    '%s: made where it is missing, made anew where it changed, never dropped',
    (kind, expected, drop, create) => {
      expect(fixed(differ(kind, 'x', { expected }))).toEqual([create])
      expect(fixed(differ(kind, 'x', { expected, found: 'y' }))).toEqual([drop, create])
      expect(fixed(differ(kind, 'x', { found: expected }))).toBeUndefined()
    },
  )
})

it('storage parameters of a materialized view are set there', () => {
  const view = { part: 'public.sales', partKind: 'materialized view' } as const
  expect(fixed(differ('storage parameters', '', { expected: 'a=1', found: 'a=2' }, view))).toEqual([
    'ALTER MATERIALIZED VIEW public.sales SET (a=1)',
  ])
})

it('fixes are in the order in which they can be run', () => {
  const names = ['orders_check', 'orders_fkey']
  const order = [
    differ('constraint', names[1] ?? '', { found: 'FOREIGN KEY (a)' }),
    differ('constraint', names[0] ?? '', { found: 'CHECK (true)' }),
    differ('schema', 'billing', { expected: '' }, free),
    differ('extension', 'citext', { expected: '' }, free),
    differ('enum', 'public.e', { expected: "'a'" }, free),
    differ('domain', 'public.d', { expected: 'integer' }, free),
    differ('composite type', 'public.c', { expected: 'a integer' }, free),
    differ('sequence', 'public.n', { expected: '' }, free),
    differ('routine', '', { expected: '' }),
    differ('table', '', { expected: '' }),
    differ('column', 'a', { expected: '' }),
    differ('constraint', 'c', { expected: 'CHECK (true)' }),
    differ('materialized view', '', { expected: '' }),
    differ('view', '', { expected: '' }),
    differ('query', '', { expected: '' }),
    differ('index', 'public.i', { expected: '' }),
    differ('statistics', 'public.s', { expected: '' }),
    differ('storage parameters', '', { expected: '' }),
    differ('row level security', '', { expected: '' }),
    differ('policy', 'p', { expected: '' }),
    differ('rule', 'r', { expected: '' }),
    differ('trigger', 't', { expected: '' }),
    differ('comment', '', { expected: '' }),
  ]
  expect(order.toReversed().toSorted((a, b) => rankOf(a) - rankOf(b))).toEqual(order)
})

it('a fix of the caller takes the place of the built-in one', () => {
  const one = differ('schema', 'billing', { expected: '' }, free)
  expect(statementsOf(one, { differences: [one], parts: [], fixes: { schema: () => ['mine'] } })).toEqual([
    'mine',
  ])
  expect(statementsOf(one, { differences: [one], parts: [], fixes: { table: () => ['mine'] } })).toEqual([
    'CREATE SCHEMA billing',
  ])
})
