/** What is offered instead of a statement, word by word; that it helps is measured in safer.test.ts. */
import { describe, expect, it } from 'vitest'
import type { Effect } from '../../../src/gate/measure/effect.ts'
import { effect, exclusive, findings, stepsOf } from './steps.ts'

const scan = { scanned: true } as const
const build = { indexesBuilt: 1 } as const
const rewrite = { rewritten: true } as const

/** The statements and the advice for a statement that makes a table of unknown size wait. */
function offered(text: string, does: Partial<Effect>) {
  const [finding] = findings(stepsOf([[effect({ ...does, ...exclusive })], { text }]), { sizes: 'not asked' })
  return { advice: finding?.advice, saferSql: finding?.saferSql }
}

const nothing = { advice: undefined, saferSql: undefined }

describe('SET NOT NULL', () => {
  const advice =
    'in an earlier deploy: add a CHECK that is NOT VALID, and validate it; SET NOT NULL is then instant'

  it.each([
    ['ALTER TABLE "orders" ALTER COLUMN "note" SET NOT NULL', '"note"', '"note_is_not_null"'],
    ['alter table if exists only public.orders alter note set not null', 'note', '"note_is_not_null"'],
    ['alter\ntable orders\nalter\ncolumn note\nset\nnot\nnull', 'note', '"note_is_not_null"'],
    ['ALTER TABLE "orders" ALTER COLUMN "a ""b""" SET NOT NULL', '"a ""b"""', '"a ""b""_is_not_null"'],
  ])('becomes a CHECK that is validated before it: %j', (text, column, name) => {
    expect(offered(text, scan)).toEqual({
      advice,
      saferSql: [
        `ALTER TABLE "public"."orders" ADD CONSTRAINT ${name} CHECK (${column} IS NOT NULL) NOT VALID`,
        `ALTER TABLE "public"."orders" VALIDATE CONSTRAINT ${name}`,
        text,
      ],
    })
  })

  it('of a partition names the table that the statement names', () => {
    const partitionOf = { schema: 'shop', name: 'orders' }
    const relation = { oid: '2', schema: 'shop', name: 'orders_1', kind: 'table', partitionOf } as const
    const first = (text: string) => offered(text, { ...scan, relation }).saferSql?.[0]
    const check = 'ADD CONSTRAINT "note_is_not_null" CHECK (note IS NOT NULL) NOT VALID'
    for (const name of ['orders', 'orders_1']) {
      expect(first(`alter table ${name} alter note set not null`)).toBe(
        `ALTER TABLE "shop"."${name}" ${check}`,
      )
    }
  })

  it.each([
    'alter table orders alter note drop not null',
    'alter table orders alter note set not null, alter other set not null',
    'alter view orders alter note set not null',
  ])('is not what another statement does: %s', (text) => {
    expect(offered(text, scan)).toEqual(nothing)
  })
})

describe('a constraint that reads all rows', () => {
  const advice = 'add it as NOT VALID, and validate it in a later deploy'

  it.each([
    ['ALTER TABLE "orders" ADD CONSTRAINT "few" CHECK ("n" < 9)', '"few"'],
    ['alter table orders add constraint few check (n < 9)', 'few'],
    ['ALTER TABLE "orders" ADD CONSTRAINT "few" FOREIGN KEY ("n") REFERENCES "other"("id")', '"few"'],
    ['alter table orders add constraint few foreign\nkey (n, m) references other', 'few'],
    [`alter table orders add constraint said check (note <> 'not valid')`, 'said'],
  ])('is added as NOT VALID and validated later: %j', (text, name) => {
    expect(offered(text, scan)).toEqual({
      advice,
      saferSql: [`${text} NOT VALID`, `ALTER TABLE "public"."orders" VALIDATE CONSTRAINT ${name}`],
    })
  })

  it.each([
    'ALTER TABLE "orders" ADD CONSTRAINT "few" CHECK ("n" < 9) NOT VALID',
    'alter table orders add constraint few check (n < 9) not \n valid',
    'alter table orders add check (n < 9)',
    'alter table orders validate constraint few',
  ])('has no other way where it is NOT VALID, or has no name: %j', (text) => {
    expect(offered(text, scan)).toEqual(nothing)
  })

  it('has no SQL beside another clause, of which NOT VALID would be said instead', () => {
    const text = 'alter table orders add constraint a check (n < 9), add constraint b check (m < 9)'
    expect(offered(text, scan)).toEqual({ advice, saferSql: undefined })
  })
})

describe('a key', () => {
  it.each([
    ['ALTER TABLE "orders" ADD CONSTRAINT "once" UNIQUE("n")', '"once"', 'UNIQUE', '("n")'],
    ['alter table orders add constraint once unique (n, m)', 'once', 'UNIQUE', '(n, m)'],
    ['alter table orders add constraint once primary key (n)', 'once', 'PRIMARY KEY', '(n)'],
  ])('takes an index that was built before: %s', (text, name, kind, columns) => {
    expect(offered(text, build)).toEqual({
      advice: 'build the index with CONCURRENTLY before the deploy, and let the constraint use it',
      saferSql: [
        `CREATE UNIQUE INDEX CONCURRENTLY ${name} ON "public"."orders" ${columns}`,
        `ALTER TABLE "public"."orders" ADD CONSTRAINT ${name} ${kind} USING INDEX ${name}`,
      ],
    })
  })

  it.each([
    'alter table orders add unique (n)',
    'alter table orders add constraint once unique nulls not distinct (n)',
    'alter table orders add constraint once unique (n) deferrable',
    'alter table orders add constraint apart exclude using gist (n with =)',
  ])('has no certain way with other words: %s', (text) => {
    expect(offered(text, build)).toEqual(nothing)
  })
})

describe('an index', () => {
  const advice =
    'build it with CONCURRENTLY before the deploy, outside of a migration, and write IF NOT EXISTS into the migration'

  it.each([
    ['CREATE INDEX "n" ON "orders" ("n")', 'INDEX', '"n" ON "orders" ("n")'],
    ['create index if not exists n on orders (n, m)', 'INDEX', 'n on orders (n, m)'],
    ['CREATE UNIQUE INDEX "n" ON "orders" ("n")', 'UNIQUE INDEX', '"n" ON "orders" ("n")'],
    ['create\n unique \n index \n if \n not \n exists \n n on orders (n)', 'UNIQUE INDEX', 'n on orders (n)'],
    ['create index on_time on orders (n)', 'INDEX', 'on_time on orders (n)'],
    ['create index concurrently_made on orders (n)', 'INDEX', 'concurrently_made on orders (n)'],
    ['create index "concurrently" on orders (n)', 'INDEX', '"concurrently" on orders (n)'],
  ])('is built with CONCURRENTLY, and the migration finds it: %j', (text, kind, rest) => {
    expect(offered(text, build)).toEqual({
      advice,
      saferSql: [`CREATE ${kind} CONCURRENTLY IF NOT EXISTS ${rest}`, `CREATE ${kind} IF NOT EXISTS ${rest}`],
    })
  })

  it.each([
    ['create index on orders (n)', 'CREATE INDEX CONCURRENTLY on orders (n)'],
    ['create unique index\non\norders (n)', 'CREATE UNIQUE INDEX CONCURRENTLY on\norders (n)'],
  ])('needs a name, by which the migration finds it: %j', (text, safer) => {
    expect(offered(text, build)).toEqual({
      advice:
        'build it with CONCURRENTLY before the deploy, outside of a migration, and give it a name: without one the migration builds it again',
      saferSql: [safer],
    })
  })

  it.each([
    'create index concurrently n on orders (n)',
    'CREATE UNIQUE INDEX \n CONCURRENTLY IF NOT EXISTS n ON orders (n)',
    'do $$ begin create index n on orders (n); end $$',
  ])('has no other way where it is built so already, or not at all: %j', (text) => {
    expect(offered(text, build)).toEqual(nothing)
  })
})

describe('REINDEX and REFRESH', () => {
  it.each([
    ['reindex table orders', 'reindex table CONCURRENTLY orders'],
    ['REINDEX \n INDEX \n "n"', 'REINDEX \n INDEX CONCURRENTLY "n"'],
  ])('an index is built again with CONCURRENTLY: %j', (text, safer) => {
    expect(offered(text, build)).toEqual({
      advice: 'reindex with CONCURRENTLY, outside of a migration',
      saferSql: [safer],
    })
  })

  it.each(['refresh materialized view orders', 'REFRESH \n MATERIALIZED \n VIEW orders'])(
    'a view has words alone, because it may have no unique index: %j',
    (text) => {
      expect(offered(text, rewrite)).toEqual({
        advice: 'refresh it with CONCURRENTLY, which needs a unique index, outside of a migration',
        saferSql: undefined,
      })
    },
  )

  it.each([
    'reindex table concurrently orders',
    'REINDEX INDEX CONCURRENTLY n',
    'reindex schema public',
    'do $$ begin reindex table orders; end $$',
    'do $$ begin refresh materialized view orders; end $$',
    'refresh materialized view concurrently orders',
    'REFRESH MATERIALIZED VIEW CONCURRENTLY orders',
  ])('neither has another way where nothing more is certain: %s', (text) => {
    expect(offered(text, build)).toEqual(nothing)
  })
})

describe('another type', () => {
  const advice =
    'leave it out of this deploy, and change the type online: add a new column, write both, copy in batches, read the new one, drop the old one later'

  it.each([
    ['ALTER TABLE "orders" ALTER COLUMN "n" SET DATA TYPE bigint', '"n_new" bigint'],
    ['alter table orders alter n type numeric(10, 2) using n::numeric', '"n_new" numeric(10, 2)'],
    ['alter table orders\nalter column n\ntype\nbigint\nusing\nn + 1', '"n_new" bigint'],
    ['alter table orders alter "a ""b""" type bigint', '"a ""b""_new" bigint'],
  ])('is that of a new column: %j', (text, column) => {
    expect(offered(text, rewrite)).toEqual({
      advice,
      saferSql: [`ALTER TABLE "public"."orders" ADD COLUMN ${column}`],
    })
  })

  it('has no SQL beside another clause, which would still rewrite the table', () => {
    const text = 'alter table orders alter n type bigint, alter m type bigint'
    expect(offered(text, rewrite)).toEqual({ advice, saferSql: undefined })
  })

  it('has no other way where nothing is rewritten', () => {
    expect(offered('alter table orders alter n type bigint', scan)).toEqual(nothing)
    expect(offered('alter table orders set unlogged', rewrite)).toEqual(nothing)
  })
})

describe('a new column whose default is computed for each row', () => {
  const notNullLater = '; make it NOT NULL in a later deploy'

  it.each([
    [
      'ADD COLUMN "token" uuid DEFAULT random() NOT NULL',
      '"token" uuid',
      '"token"',
      'random()',
      notNullLater,
    ],
    ['add token uuid default random()', 'token uuid', 'token', 'random()'],
    ['add column token uuid not null default random()', 'token uuid', 'token', 'random()', notNullLater],
    ['add column token uuid not \n null default random()', 'token uuid', 'token', 'random()', notNullLater],
    ['add column token uuid default random() null', 'token uuid', 'token', 'random()'],
    ['add column if not exists token uuid default now()', 'IF NOT EXISTS token uuid', 'token', 'now()'],
    ['add\ncolumn\ntoken\nvarchar(9)\ndefault\nrandom()', 'token varchar(9)', 'token', 'random()'],
  ])('gets it for new rows alone: %j', (clause, column, name, value, later = '') => {
    expect(offered(`alter table orders ${clause}`, rewrite)).toEqual({
      advice: `add the column without its default, set the default for new rows, and fill the old rows in batches${later}`,
      saferSql: [
        `ALTER TABLE "public"."orders" ADD COLUMN ${column}`,
        `ALTER TABLE "public"."orders" ALTER COLUMN ${name} SET DEFAULT ${value}`,
      ],
    })
  })

  it.each([
    'add column token uuid default random() primary key',
    'add column token uuid default random() unique',
    'add column token uuid default random() references other',
    'add column token uuid constraint given default random() not null',
    'add column n integer default random() check (n > 0)',
    'add column n integer generated by default as identity',
    'add column n integer default random(), add column m integer default random()',
  ])('has no certain way with more than a default: %s', (clause) => {
    expect(offered(`alter table orders ${clause}`, rewrite)).toEqual(nothing)
  })

  it('has no other way where its type rewrites the table, because the default is the same for all rows', () => {
    expect(offered(`alter table orders add code short_text default 'a' not null`, rewrite)).toEqual(nothing)
  })

  it('has no other way where nothing is rewritten', () => {
    expect(offered('alter table orders add token uuid default random()', scan)).toEqual(nothing)
  })
})

describe('around a statement', () => {
  it.each([
    '-- why\ncreate index n on orders (n)',
    '-- why\n\n  -- and how\ncreate index n on orders (n)',
    '/* why\n-- and how */\n create index n on orders (n)',
    'create index n on orders (n);',
    'create index n on orders (n) ; \n',
    'create index n on orders (n) -- why',
    'create index n on orders (n) -- why\n;',
  ])('comments and the semicolon are left out: %j', (text) => {
    expect(offered(text, build).saferSql).toEqual([
      'CREATE INDEX CONCURRENTLY IF NOT EXISTS n on orders (n)',
      'CREATE INDEX IF NOT EXISTS n on orders (n)',
    ])
  })

  it('a semicolon and a comment within it stay', () => {
    const text = `alter table orders add constraint c check (note <> '; ' /* ; */ or -- why\n n > 0);`
    expect(offered(text, scan).saferSql?.[0]).toBe(`${text.slice(0, -1)} NOT VALID`)
  })
})

it('rows are changed, or added, in batches', () => {
  expect(offered(`update orders set note = ''`, { changesRows: true })).toEqual({
    advice: 'change the rows in batches, in a script of their own and not in a migration',
    saferSql: undefined,
  })
  expect(offered('insert into orders select * from other', { changesRows: true })).toEqual({
    advice: 'add the rows in batches, in a script of their own and not in a migration',
    saferSql: undefined,
  })
})
