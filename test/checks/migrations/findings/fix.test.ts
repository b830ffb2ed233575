import { describe, expect, it } from 'vitest'
import type { Difference } from '../../../../src/checks/migrations/comparison/diff-catalog.ts'
import { toFindings } from '../../../../src/checks/migrations/findings/finding.ts'
import { statementsOf } from '../../../../src/checks/migrations/findings/fix.ts'
import { toText } from '../../../../src/checks/migrations/findings/fixes/fix.ts'
import { differ, fixed } from './differ.ts'

const table = { part: 'public.orders', partKind: 'table' } as const
const free = { part: '', partKind: null } as const

function fix(
  kind: Difference['kind'],
  name: string,
  { expected, found }: { expected?: string; found?: string },
  place: Pick<Difference, 'part' | 'partKind'> = table,
): string | undefined {
  const difference = expected === undefined ? 'extra' : found === undefined ? 'missing' : 'changed'
  const one: Difference = {
    difference,
    kind,
    name,
    ...place,
    ...(expected !== undefined && { expected }),
    ...(found !== undefined && { found }),
  }
  const statements = statementsOf(one, { differences: [one], parts: [] })
  return statements && toText(statements)
}

describe('what would mend nothing', () => {
  it('is not a fix: a foreign key that the migrations disable, a sequence of another owner', () => {
    const disabled = 'triggers of public.orders'
    expect(fix('disabled foreign key', 'buyer', { expected: disabled })).toBeUndefined()
    expect(fix('disabled foreign key', 'buyer', { found: disabled })).toBe(
      'ALTER TABLE public.orders ENABLE TRIGGER ALL',
    )
    const sequence = 'as integer start 1 increment 1 minvalue 1 maxvalue 9 cache 1'
    expect(
      fix(
        'sequence',
        'public.n',
        { expected: `${sequence} owned by public.orders.n`, found: sequence },
        free,
      ),
    ).toBeUndefined()
  })
})

describe('storage parameters', () => {
  it('that are extra are reset, beside those that are set', () => {
    expect(fix('storage parameters', '', { expected: 'a=1', found: 'a=1, b=2' })).toBe(
      'ALTER TABLE public.orders SET (a=1), RESET (b)',
    )
    expect(fix('storage parameters', '', { expected: 'a=1' })).toBe('ALTER TABLE public.orders SET (a=1)')
    expect(fix('storage parameters', '', { found: 'b=2' })).toBe('ALTER TABLE public.orders RESET (b)')
  })
})

describe('a column', () => {
  it('is added when it fills itself', () => {
    expect(fix('column', 'note', { expected: 'text' })).toBe('ALTER TABLE public.orders ADD COLUMN note text')
    expect(fix('column', 'note', { expected: "text default 'x' not null" })).toBe(
      "ALTER TABLE public.orders ADD COLUMN note text default 'x' not null",
    )
  })

  it('is not added when rows would need a value that only its owner knows', () => {
    expect(fix('column', 'note', { expected: 'text not null' })).toBeUndefined()
  })

  it('is never dropped, because that loses data, but no longer required', () => {
    expect(fix('column', 'note', { found: 'text' })).toBeUndefined()
    expect(fix('column', 'note', { found: "text default 'x' not null" })).toBeUndefined()
    expect(fix('column', 'note', { found: 'text not null' })).toBe(
      'ALTER TABLE public.orders ALTER COLUMN note DROP NOT NULL /* the column stays, and is reported as extra */',
    )
  })

  it('gets its default and its NOT NULL back', () => {
    const change = (expected: string, found: string) => fix('column', 'n', { expected, found })
    expect(change('integer default 1 not null', 'integer')).toBe(
      'ALTER TABLE public.orders ALTER COLUMN n SET DEFAULT 1, ALTER COLUMN n SET NOT NULL',
    )
    expect(change('timestamp with time zone', 'timestamp with time zone default now() not null')).toBe(
      'ALTER TABLE public.orders ALTER COLUMN n DROP DEFAULT, ALTER COLUMN n DROP NOT NULL',
    )
  })

  it('keeps a type that differs: how to convert it is not certain', () => {
    expect(fix('column', 'n', { expected: 'integer', found: 'bigint' })).toBeUndefined()
    expect(
      fix('column', 'n', {
        expected: 'integer generated always as identity not null',
        found: 'integer not null',
      }),
    ).toBeUndefined()
  })

  it('of a view is not made by ALTER TABLE', () => {
    const view = { part: 'public.sales', partKind: 'view' } as const
    expect(fix('column', 'n', { expected: 'integer' }, view)).toBeUndefined()
  })
})

describe('a constraint', () => {
  it('is added, dropped, made anew or validated', () => {
    const check = 'CHECK ((total > 0))'
    expect(fix('constraint', 'c', { expected: check })).toBe(
      `ALTER TABLE public.orders ADD CONSTRAINT c ${check}`,
    )
    expect(fix('constraint', 'c', { found: check })).toBe('ALTER TABLE public.orders DROP CONSTRAINT c')
    expect(fix('constraint', 'c', { expected: check, found: 'CHECK (true)' })).toBe(
      `ALTER TABLE public.orders DROP CONSTRAINT c, ADD CONSTRAINT c ${check}`,
    )
    expect(fix('constraint', 'c', { expected: check, found: `${check} NOT VALID` })).toBe(
      'ALTER TABLE public.orders VALIDATE CONSTRAINT c',
    )
  })

  it('on which foreign keys may hang is left to a person', () => {
    expect(fix('constraint', 'c', { expected: 'PRIMARY KEY (a)', found: 'PRIMARY KEY (b)' })).toBeUndefined()
  })
})

describe('an enum', () => {
  const enumFix = (expected: string, found: string) => fix('enum', 'public.state', { expected, found }, free)
  it('gets values added or renamed', () => {
    expect(enumFix("'a', 'it''s'", "'a'")).toBe(
      "ALTER TYPE public.state ADD VALUE IF NOT EXISTS 'it''s' AFTER 'a'",
    )
    expect(enumFix("'a', 'b', 'c'", "'a'")).toBe(
      "BEGIN; ALTER TYPE public.state ADD VALUE IF NOT EXISTS 'b' AFTER 'a'; ALTER TYPE public.state ADD VALUE IF NOT EXISTS 'c' AFTER 'b'; COMMIT",
    )
  })

  it('has a value renamed only where something that uses it has the other name too', () => {
    const type = differ('enum', 'public.state', { expected: "'a', 'b'", found: "'a', 'x'" }, free)
    const column = (expected: string, found: string) => differ('column', 'state', { expected, found })
    const uses = column("public.state default 'b'::public.state", "public.state default 'x'::public.state")
    expect(fixed(type, [uses])).toEqual([
      "ALTER TYPE public.state RENAME VALUE 'x' TO 'b' /* 'x' is taken for the old name of 'b' */",
    ])
    expect(fixed(type)).toBeUndefined()
    expect(fixed(type, [column("text default 'b'::text", "text default 'x'::text")])).toBeUndefined()
    const more = column(
      "public.state default 'b'::public.state",
      "public.state default 'x'::public.state not null",
    )
    expect(fixed(type, [more])).toBeUndefined()
  })

  it.each([
    [
      "'a', 'b'",
      "'a', 'x', 'b'",
      /^Postgres cannot drop a value of an enum\. To keep it, write a migration that adds it where it is not: ALTER TYPE public\.state ADD VALUE IF NOT EXISTS 'x' AFTER 'a'\. To lose it, where no row has it: rename the type, make it anew/,
    ],
    [
      "'a', 'b'",
      "'a', 'x'",
      /^'x' may be 'b' under another name \(then: ALTER TYPE public\.state RENAME VALUE 'x' TO 'b'\), or one was given up and the other added: only you know$/,
    ],
    [
      "'a', 'b'",
      "'b', 'a'",
      /^Postgres neither drops a value of an enum nor changes the order\. Where no row has/,
    ],
    ["'a', 'b', 'c'", "'x', 'y', 'c'", /^Postgres neither drops/],
  ])('that is to be %s and is %s has words instead of a fix', (expected, found, words) => {
    const type = differ('enum', 'public.state', { expected, found }, free)
    expect(toFindings([type]).shown).toEqual([
      expect.objectContaining({ severity: 'fail', noFix: expect.stringMatching(words) }),
    ])
    expect(toFindings([type]).shown[0]).not.toHaveProperty('fix')
  })

  it('has no such words where it has a fix, is extra or missing', () => {
    const sides = [{ expected: "'a', 'b'", found: "'a'" }, { found: "'a'" }, { expected: "'a'" }]
    for (const side of sides)
      expect(toFindings([differ('enum', 'public.state', side, free)]).shown[0]).not.toHaveProperty('noFix')
  })

  it('keeps values in excess, and another order', () => {
    expect(enumFix("'a'", "'a', 'b'")).toBeUndefined()
    expect(enumFix("'a', 'b'", "'b', 'a'")).toBeUndefined()
    expect(enumFix("'a', 'b', 'c'", "'x', 'y', 'c'")).toBeUndefined()
  })
})

describe('what holds no data', () => {
  const made = 'CREATE INDEX i ON public.orders USING btree (a)'
  it('is made, dropped, or both', () => {
    expect(fix('index', 'public.i', { expected: made })).toBe(made)
    expect(fix('index', 'public.i', { found: made })).toBe('DROP INDEX public.i')
    expect(fix('index', 'public.i', { expected: made, found: `${made} WHERE b` })).toBe(
      `BEGIN; DROP INDEX public.i; ${made}; COMMIT`,
    )
    expect(fix('index', 'public.i', { expected: made, found: `${made} [invalid]` })).toBe(
      'REINDEX INDEX public.i',
    )
    expect(fix('policy', 'p', { expected: 'as permissive for all to public using (true)' })).toBe(
      'CREATE POLICY p ON public.orders as permissive for all to public using (true)',
    )
  })

  it('is not made from a text that is no SQL', () => {
    expect(fix('trigger', 't', { expected: 'CREATE TRIGGER t … [disabled]' })).toBeUndefined()
    expect(fix('index', 'public.i', { expected: `${made} [invalid]` })).toBeUndefined()
  })

  it('is only switched on again where that is all', () => {
    const trigger = 'CREATE TRIGGER t BEFORE INSERT ON public.orders FOR EACH ROW EXECUTE FUNCTION public.f()'
    expect(fix('trigger', 't', { expected: trigger, found: `${trigger} [disabled]` })).toBe(
      'ALTER TABLE public.orders ENABLE TRIGGER t',
    )
  })
})

it.each([
  ['enabled', undefined, 'ENABLE ROW LEVEL SECURITY, NO FORCE'],
  ['enabled, forced', 'enabled', 'ENABLE ROW LEVEL SECURITY, FORCE'],
  ['forced, not enabled', undefined, 'DISABLE ROW LEVEL SECURITY, FORCE'],
  ['enabled, forced', 'forced, not enabled', 'ENABLE ROW LEVEL SECURITY, FORCE'],
])('row level security expected %s, found %s', (expected, found, actions) => {
  const sides = { ...(expected && { expected }), ...(found && { found }) }
  expect(fix('row level security', '', sides)).toBe(`ALTER TABLE public.orders ${actions} ROW LEVEL SECURITY`)
})

it.each([
  [undefined, 'enabled'],
  [undefined, 'forced, not enabled'],
  ['enabled', 'enabled, forced'],
  ['forced, not enabled', 'enabled'],
])('row level security expected %s is not taken away where %s was found', (expected, found) => {
  expect(fix('row level security', '', { ...(expected && { expected }), found })).toBeUndefined()
})

it.each(['policy', 'trigger', 'rule', 'routine'] as const)('never drops an extra %s', (kind) => {
  expect(fix(kind, 'x', { found: 'CREATE …' })).toBeUndefined()
})

it('suggests nothing for tables, views and types whose definition is not at hand', () => {
  for (const kind of ['table', 'view', 'materialized view', 'composite type', 'range type'] as const)
    expect(fix(kind, '', { expected: '' })).toBeUndefined()
})
