/** What only looks like a reason for a fix, or against one. */
import { expect, it } from 'vitest'
import type { Difference } from '../../../../src/checks/migrations/comparison/diff-catalog.ts'
import { toFindings } from '../../../../src/checks/migrations/findings/finding.ts'
import { whyNoEnumFix } from '../../../../src/checks/migrations/findings/fixes/types.ts'
import { differ, fixed, free } from './differ.ts'

const create = (definition: string, name = 'i') =>
  `CREATE INDEX ${name} ON public.orders USING btree (a)${definition}`

it('what a tool is known to have added is not removed, and what the migrations make there is made', () => {
  const place = { part: 'neon_auth."user"', partKind: 'table' } as const
  const text = 'CREATE INDEX i ON neon_auth."user" USING btree (a)'
  expect(fixed(differ('index', 'neon_auth.i', { found: text }, place))).toBeUndefined()
  expect(fixed(differ('index', 'neon_auth.i', { expected: text }, place))).toEqual([text])
})

it('a constraint that is extra goes first, and nothing else that is extra', () => {
  const kindsOf = (...differences: Difference[]) => toFindings(differences).shown.map(({ kind }) => kind)
  const column = differ('column', 'total', { expected: 'integer' })
  expect(kindsOf(column, differ('constraint', 'c', { found: 'CHECK (true)' }))).toEqual([
    'constraint',
    'column',
  ])
  expect(kindsOf(differ('trigger', 't', { found: 'CREATE TRIGGER t' }), column)).toEqual([
    'column',
    'trigger',
  ])
  const one = differ('constraint', 'k', { found: 'UNIQUE (a)' })
  const foreign = differ('constraint', 'f', { found: 'FOREIGN KEY (a) REFERENCES public.orders(a)' })
  expect(toFindings([one, foreign]).shown.map(({ object }) => object.at(-1))).toEqual(['f', 'k'])
})

it('a column that has changed is not the missing one under another name', () => {
  const note = differ('column', 'note', { expected: 'text' })
  const changed = differ('column', 'other', { expected: 'integer', found: 'text' })
  expect(fixed(note, [changed])).toEqual(['ALTER TABLE public.orders ADD COLUMN note text'])
})

it('a sequence that has changed is not the missing one under another name', () => {
  const missing = differ('sequence', 'public.n', { expected: 'as integer start 1' }, free)
  const changed = differ('sequence', 'public.m', { expected: 'as bigint', found: 'as integer start 1' }, free)
  expect(fixed(missing, [changed])?.[0]).toMatch(/^CREATE SEQUENCE public\.n as integer/)
})

it('a policy that has changed is not renamed', () => {
  const changed = differ('policy', 'p', { expected: 'for all', found: 'for select' })
  const extra = differ('policy', 'q', { found: 'for select' })
  expect(fixed(changed, [extra])).toEqual([
    'DROP POLICY p ON public.orders',
    'CREATE POLICY p ON public.orders for all',
  ])
})

it('a key whose column has the name of a check is not dropped', () => {
  const key = differ('constraint', 'u', { expected: 'UNIQUE ("CHECK", b)', found: 'UNIQUE ("CHECK")' })
  expect(fixed(key)).toBeUndefined()
})

it.each([
  create(" WHERE (note = 'a [b] c'::text)"),
  create(" WHERE (note = 'a; b'::text)"),
  create(" WHERE (note = 'CREATE INDEX x ON ONLY y'::text)"),
])('an index is made as Postgres prints it: %s', (expected) => {
  expect(fixed(differ('index', 'public.i', { expected }))).toEqual([expected])
})

it('an index of a partitioned table is made with those of its partitions', () => {
  const only = create('', 'by_total').replace(' ON ', ' ON ONLY ')
  expect(fixed(differ('index', 'public.by_total', { expected: only }))).toEqual([create('', 'by_total')])
})

it('a unique index is dropped where the table is not replicated by an index', () => {
  const unique = differ('index', 'public.u', {
    found: 'CREATE UNIQUE INDEX u ON public.orders USING btree (a)',
  })
  const table = (found: string) => differ('table', '', { expected: '', found })
  expect(fixed(unique, [table('unlogged')])).toEqual(['DROP INDEX public.u'])
  expect(fixed(unique, [table('unlogged replica identity index')])).toBeUndefined()
  const query = differ('query', '', { expected: '', found: "select 'replica identity index" })
  expect(fixed(unique, [query])).toEqual(['DROP INDEX public.u'])
})

it('storage parameters are known by their whole names', () => {
  const parameters = (expected: string, found: string) =>
    fixed(differ('storage parameters', '', { expected, found }))
  expect(parameters('fillfactor=70', 'fastupdate=on, autosummarize=on')).toEqual([
    'ALTER TABLE public.orders SET (fillfactor=70), RESET (fastupdate, autosummarize)',
  ])
  expect(parameters('fillfactor=70', 'fillfactor=80')).toEqual([
    'ALTER TABLE public.orders SET (fillfactor=70)',
  ])
})

it('a value of an enum is not renamed where there is one more', () => {
  const changed = differ('enum', 'public.s', { expected: "'a', 'c', 'd'", found: "'a', 'b'" }, free)
  const sides = { expected: "public.s default 'c'::public.s", found: "public.s default 'b'::public.s" }
  expect(fixed(changed, [differ('column', 's', sides)])).toBeUndefined()
})

it('only an enum that has changed has advice', () => {
  const sides = { expected: "'a'", found: "'b'" }
  expect(whyNoEnumFix(differ('enum', 'public.s', sides, free))).toContain("'b' may be 'a' under another name")
  expect(whyNoEnumFix(differ('domain', 'public.s', sides, free))).toBeUndefined()
  expect(whyNoEnumFix(differ('enum', 'public.s', { expected: "'a'" }, free))).toBeUndefined()
  const [lost, moved] = ["'a', 'c'", "'b', 'a'"].map((expected) =>
    whyNoEnumFix(differ('enum', 'public.s', { expected, found: "'a', 'b', 'c'" }, free)),
  )
  expect(lost).toContain('Postgres cannot drop a value of an enum')
  expect(moved).toContain('Postgres neither drops a value of an enum nor changes the order')
  const added = whyNoEnumFix(differ('enum', 'public.s', { expected: "'c'", found: "'a', 'b', 'c'" }, free))
  expect(added).toContain(
    "ALTER TYPE public.s ADD VALUE IF NOT EXISTS 'a' BEFORE 'c'; ALTER TYPE public.s ADD VALUE IF NOT EXISTS 'b' AFTER 'a'",
  )
})
