import { describe, expect, it } from 'vitest'
import type { Difference } from '../../../../src/checks/migrations/comparison/diff-catalog.ts'
import { namesIn } from '../../../../src/checks/migrations/findings/fixes/mentions.ts'
import { type Plan, planFixes } from '../../../../src/checks/migrations/findings/fixes/plan-fixes.ts'
import { differ, free } from './differ.ts'

/** What is planned, in its order: `name`, or `name: why not`. */
function plan(
  differences: readonly Difference[],
  how: Partial<Plan> & { chosen?: readonly Difference[] } = {},
) {
  const { chosen = differences, ...more } = how
  const nameOf = ({ part, name }: Difference) => name || part
  return planFixes(
    chosen,
    { differences, parts: [] },
    {
      withhold: () => undefined,
      valuesComeFirst: true,
      ...more,
    },
  ).map(({ difference, statements, withheld }) => {
    if (statements) return nameOf(difference)
    const why = typeof withheld === 'string' ? withheld : withheld ? nameOf(withheld) : 'not certain'
    return `${nameOf(difference)}: ${why}`
  })
}

const column = differ('column', 'total', { expected: 'numeric' })
const index = differ('index', 'public.i', { expected: 'CREATE INDEX i ON public.orders USING btree (total)' })
const required = differ('column', 'total', { expected: 'numeric not null' })

describe('a plan', () => {
  it('has what comes first before what needs it, and else the order that was given', () => {
    const note = differ('column', 'note', { expected: 'text' })
    expect(plan([index, note, column])).toEqual(['total', 'public.i', 'note'])
    expect(plan([note, column, index])).toEqual(['note', 'total', 'public.i'])
  })

  it('withholds what needs something that has no certain fix, and names that', () => {
    expect(plan([index, required])).toEqual(['public.i: total', 'total: not certain'])
  })

  it('withholds what needs something that was not chosen', () => {
    expect(plan([index, column], { chosen: [index] })).toEqual(['public.i: total'])
  })

  it('withholds what must not be shown, for the reason that is given, and what needs it', () => {
    const withhold = (text: string) => (text.includes('ADD COLUMN') ? 'a secret' : undefined)
    expect(plan([index, column], { withhold })).toEqual(['public.i: total', 'total: a secret'])
  })

  it('has a use of a new enum value behind it, but not where both may be in one transaction', () => {
    const value = differ('enum', 'public.state', { expected: "'a', 'b'", found: "'a'" }, free)
    const use = differ('column', 'state', { expected: "public.state default 'b'::public.state" })
    expect(plan([use, value])).toEqual(['public.state', 'state'])
    expect(plan([use, value], { valuesComeFirst: false })).toEqual(['public.state', 'state: public.state'])
  })

  it('withholds what needs a column of another type, or a routine with another result', () => {
    const retyped = differ('column', 'total', { expected: 'numeric(9,2)', found: 'text' })
    const check = differ('constraint', 'c', { expected: 'CHECK ((total > (0)::numeric))' })
    expect(plan([check, retyped])).toEqual(['c: total', 'total: not certain'])
    const longer = differ('column', 'total', { expected: 'numeric(9,2)', found: 'numeric(5,1)' })
    expect(plan([check, longer])).toEqual(['c', 'total: not certain'])
    const routine = (result: string) =>
      `CREATE OR REPLACE FUNCTION public.f(a integer)\n RETURNS ${result}\n LANGUAGE sql\nAS ''`
    const f = differ(
      'routine',
      '',
      { expected: routine('integer'), found: routine('text') },
      { part: 'public.f(integer)', partKind: 'routine' },
    )
    const use = differ('column', 'n', { expected: 'integer default public.f(1)', found: 'integer' })
    expect(plan([use, f])).toEqual(['n: public.f(integer)', 'public.f(integer): not certain'])
  })

  it('ends where two need each other', () => {
    const one = differ('column', 'a', { expected: 'integer default public.orders.b' })
    const other = differ('column', 'b', { expected: 'integer default public.orders.a' })
    expect(plan([one, other])).toHaveLength(2)
  })
})

describe('what comes first', () => {
  it.each<[string, boolean, Difference, Difference]>([
    ['a column of the table', true, column, index],
    [
      'not a column of the same name of another table',
      false,
      differ('column', 'total', { expected: 'numeric' }, { part: 'public.other', partKind: 'table' }),
      index,
    ],
    [
      'not a column that only changed',
      false,
      differ('column', 'total', { expected: 'numeric', found: 'numeric default 1' }),
      index,
    ],
    [
      'a type that a column has',
      true,
      differ('domain', 'public.money', { expected: 'numeric' }, free),
      differ('column', 'price', { expected: 'public.money' }),
    ],
    [
      'not a type that the column does not have',
      false,
      differ('domain', 'public.money', { expected: 'numeric' }, free),
      differ('column', 'price', { expected: 'public.moneys' }),
    ],
    [
      'a routine that a policy calls',
      true,
      differ(
        'routine',
        '',
        { expected: 'CREATE OR REPLACE FUNCTION public.f()\n LANGUAGE sql\nAS $$x$$' },
        { part: 'public.f()', partKind: 'routine' },
      ),
      differ('policy', 'p', { expected: 'for all using (public.f())' }),
    ],
    [
      'a primary key that a foreign key refers to',
      true,
      differ(
        'constraint',
        'users_pkey',
        { expected: 'PRIMARY KEY (id)' },
        { part: 'public.users', partKind: 'table' },
      ),
      differ('constraint', 'buyer', { expected: 'FOREIGN KEY (buyer) REFERENCES public.users(id)' }),
    ],
    [
      'a unique index that a foreign key refers to',
      true,
      differ(
        'index',
        'public.u',
        { expected: 'CREATE UNIQUE INDEX u ON public.users USING btree (id)' },
        { part: 'public.users', partKind: 'table' },
      ),
      differ('constraint', 'buyer', { expected: 'FOREIGN KEY (buyer) REFERENCES public.users(id)' }),
    ],
    [
      'not a key of other columns',
      false,
      differ(
        'constraint',
        'users_mail',
        { expected: 'UNIQUE (mail)' },
        { part: 'public.users', partKind: 'table' },
      ),
      differ('constraint', 'buyer', { expected: 'FOREIGN KEY (buyer) REFERENCES public.users(id)' }),
    ],
    [
      'not a key for a check',
      false,
      differ(
        'constraint',
        'users_id',
        { expected: 'UNIQUE (id)' },
        { part: 'public.users', partKind: 'table' },
      ),
      differ('constraint', 'c', { expected: 'CHECK (public.users.id > 0)' }),
    ],
    [
      'an extra index that has the name of a missing one',
      true,
      differ(
        'index',
        'public.i',
        { found: 'CREATE INDEX i ON public.other USING btree (a)' },
        { part: 'public.other', partKind: 'table' },
      ),
      { ...index, name: 'public.i' },
    ],
    [
      'not an extra index of another name',
      false,
      differ(
        'index',
        'public.j',
        { found: 'CREATE INDEX j ON public.other USING btree (a)' },
        { part: 'public.other', partKind: 'table' },
      ),
      index,
    ],
    [
      'an extra key that has the name of a missing index',
      true,
      differ('constraint', 'i', { found: 'UNIQUE (a)' }, { part: 'public.other', partKind: 'table' }),
      { ...index, name: 'public.i' },
    ],
    [
      'an extra primary key, before its column loses NOT NULL',
      true,
      differ('constraint', 'orders_pkey', { found: 'PRIMARY KEY (n)' }),
      differ('column', 'n', { expected: 'integer', found: 'integer not null' }),
    ],
  ])('%s: %s', (_, expected, other, one) => {
    const planned = planFixes(
      [one, other],
      { differences: [one, other], parts: [] },
      {
        withhold: () => undefined,
        valuesComeFirst: true,
      },
    ).map(({ difference }) => difference)
    expect(planned[0] === other).toBe(expected)
  })

  it('is nothing that is missing where something is taken away', () => {
    const gone = differ('index', 'public.old', {
      found: 'CREATE INDEX old ON public.orders USING btree (total)',
    })
    expect(plan([gone, column])).toEqual(['public.old', 'total'])
  })
})

describe('the names in a statement', () => {
  it('are those of each part, and with a parenthesis where one follows', () => {
    expect([...namesIn('a.b.c(x)')].toSorted()).toEqual(
      ['a', 'a.b', 'a.b.c', 'a.b.c(', 'b', 'b.c', 'b.c(', 'c', 'c(', 'x'].toSorted(),
    )
  })

  it('are as they are quoted, with every letter that Postgres takes', () => {
    expect([...namesIn('"My ""Table"""."Ünter" grüße_1$')]).toEqual([
      '"My ""Table"""',
      '"My ""Table"""."Ünter"',
      '"Ünter"',
      'grüße_1$',
    ])
  })

  it('are not in a text, unless it is the name of an object', () => {
    expect([...namesIn("default 'orders it''s'")]).toEqual(['default'])
    expect(namesIn("nextval('public.\"it''s\"'::regclass)").has('public."it\'s"')).toBe(true)
  })

  it('are not the types of Postgres itself, but those with a schema', () => {
    expect(namesIn("'a'::text").has('text')).toBe(false)
    expect(namesIn("'a'::public.state").has('public.state')).toBe(true)
  })
})
