import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type PGlite, startEmbeddedPostgres } from '../../../src/compile/replay/embedded-postgres.ts'
import { relationName } from '../../../src/gate/measure/effect.ts'
import { parts } from '../project.ts'
import { huge, runScenario, type Scenario } from '../scenario.ts'

let database: PGlite
beforeAll(async () => {
  database = await startEmbeddedPostgres([])
})
afterAll(() => database?.close())

const before = `create table p (id integer primary key);
  create table t (id integer primary key, a integer, b integer, p integer references p deferrable initially deferred)`

/** What each statement did: `t rewritten`, `t +1` for an index that was built. */
async function works(scenario: Scenario) {
  const { steps } = await runScenario(database, { before, ...scenario })
  return steps.map(({ effects }) =>
    effects
      .filter(({ relation: { kind } }) => kind === 'table')
      .map(({ relation, locks, ...effect }) =>
        [
          relationName(relation).replace('public.', ''),
          ...(locks.length > 0 ? ['locked'] : []),
          ...(effect.rewritten ? ['rewritten'] : []),
          ...(effect.scanned ? ['scanned'] : []),
          ...(effect.changesRows ? ['changed'] : []),
          ...(effect.indexesBuilt > 0 ? [`+${effect.indexesBuilt}`] : []),
        ].join(' '),
      )
      .join(', '),
  )
}

describe('a statement that takes no lock that is not held already', () => {
  it('builds an index', async () => {
    const pending = { one: parts('create index on t (a)', 'create index on t (b)', 'reindex index t_a_idx') }
    expect(await works({ pending })).toEqual(['t locked scanned +1', 't scanned +1', 't scanned +1'])
  })

  it('reads all of the table', async () => {
    const pending = { one: parts('alter table t alter a set not null', 'alter table t alter b set not null') }
    expect(await works({ pending })).toEqual(['t locked scanned', 't scanned'])
  })

  it('rewrites it', async () => {
    const pending = { one: parts('alter table t alter a type bigint', 'alter table t alter b type bigint') }
    expect(await works({ pending })).toEqual(['t locked rewritten scanned +1', 't rewritten scanned +1'])
  })

  it('does nothing where it does nothing', async () => {
    const pending = { one: parts('alter table t drop column a', 'alter table t drop column b') }
    expect(await works({ pending })).toEqual(['t locked', ''])
  })

  it('changes rows', async () => {
    const pending = { one: parts('update t set a = 1', 'update public.t set b = 1', 'select 1') }
    const [first, ...others] = await works({ pending })
    expect(first).toContain('changed')
    expect(others).toEqual(['t scanned changed', ''])
  })
})

it('a file that comes back with ROLLBACK TO is a new one the next time', async () => {
  const rewrite = 'alter table t alter a type bigint'
  const pending = { one: parts('savepoint s', rewrite, 'rollback to s', rewrite) }
  const [, first, , second] = await works({ pending })
  expect(first).toBe('t locked rewritten scanned +1')
  expect(second).toContain('rewritten')
})

it('the same lock counts again in the next transaction', async () => {
  const pending = { one: parts('alter table t add c text', 'commit', 'alter table t add d text') }
  expect(await works({ pending })).toEqual(['t locked', '', 't locked'])
})

it.each([
  ['COMMIT AND CHAIN', [1, 1, 2, 2]],
  ['commit work and chain', [1, 1, 2, 2]],
  ['COMMIT AND NO CHAIN', [1, 1, 2, 3]],
  ['ROLLBACK AND CHAIN', [1, 1, 2, 2]],
])('after %s the next statements share a transaction, or do not', async (end, transactions) => {
  const texts = ['alter table t add c text', end, 'alter table t add d text', 'alter table p add e text']
  const { steps } = await runScenario(database, { before, pending: { one: parts(...texts) } })
  expect(steps.map(({ transaction }) => transaction)).toEqual(transactions)
})

it.each([
  ['each in its own transaction', 'neon-http', []],
  ['after a COMMIT', 'node-postgres', ['commit']],
] as const)('a scan counts for the statement that made it, %s', async (_, driver, between) => {
  const statements = ['alter a set not null', 'add c text', 'alter b set not null', 'add d text']
  const texts = statements.flatMap((change) => [`alter table t ${change}`, ...between])
  const seen = await works({ pending: { one: parts(...texts) }, driver })
  expect(seen.filter(Boolean)).toEqual(['t locked scanned', 't locked', 't locked scanned', 't locked'])
})

it('an index of a table of the same deploy that an older table takes over is not built', async () => {
  const pending = {
    one: parts(
      'create table part (like t including all) partition by range (id)',
      'create index on part (b)',
      'alter table part attach partition t for values from (1) to (2)',
    ),
  }
  const [, , attached] = await works({ pending })
  expect(attached).toBe('t locked scanned +1')
})

describe('the text of a statement', () => {
  it('may end in a comment', async () => {
    expect(await works({ pending: { one: 'alter table t add c text -- why;' } })).toEqual(['t locked'])
  })

  it('may take prepared statements away', async () => {
    const pending = { one: parts('deallocate all', 'alter table t add c text', 'create index on t (a)') }
    expect(await works({ pending })).toEqual(['', 't locked', 't locked scanned +1'])
  })
})

it.each(['COPY t FROM stdin;', '-- rows\ncopy t (id) from /* here */ stdin with (format csv)'])(
  'rows that nobody sends are not waited for: %j',
  async (copy) => {
    for (const driver of ['node-postgres', 'neon-http'] as const) {
      const { findings } = await runScenario(database, { before, pending: { one: copy }, driver })
      expect(findings.map(({ message }) => message)).toEqual([
        'fails: COPY FROM STDIN gets no rows from Drizzle',
      ])
    }
  },
)

describe('a deferred constraint that the rows of production satisfy', () => {
  const insert = 'insert into t (id, p) values (1, 1)'
  it.each([
    ['at the end', { one: insert }],
    ['at a COMMIT', { one: parts(insert, 'commit', 'alter table p add a text') }],
  ])('stops nothing %s', async (_, pending) => {
    for (const driver of ['node-postgres', 'neon-http'] as const) {
      const { report } = await runScenario(database, { before, pending, driver })
      expect(report.migrations.map(({ verdict }) => verdict)).toEqual(['pass'])
    }
  })
})

it('a search path that a migration sets changes no type', async () => {
  const typed = 'create schema app; create type app.mood as enum (); create table app.m (mood app.mood)'
  const pending = {
    one: 'set search_path = app, public',
    two: 'create table n (mood mood)',
  }
  const { findings } = await runScenario(database, { before: typed, pending })
  expect(findings.map(({ message }) => message)).toEqual(['the new release needs it first: app.n is new'])
})

it.each([
  ['of production', 'Europe/Berlin', 'select 1'],
  ['that a migration sets', 'UTC', `set timezone = 'Asia/Tokyo'`],
])('a time zone %s changes no policy', async (_, timeZone, statement) => {
  const secured = `create table s (at timestamptz); alter table s enable row level security;
    create policy recent on s using (at > '2026-01-01 00:00+00')`
  const { findings } = await runScenario(database, { before: secured, pending: { one: statement }, timeZone })
  expect(findings).toEqual([])
})

it('who asks for a view that is made again waits until the deploy is done', async () => {
  const { findings } = await runScenario(database, {
    before: `${before}; create view v as select id from t; create view w as select id from t`,
    pending: {
      one: parts('drop view v', 'drop view w', 'create view v as select id, a from t'),
      two: 'alter table t alter b type bigint',
    },
    sizes: { 'public.t': huge },
  })
  const blocks = findings.filter(({ code, level }) => code === 'blocks' && level === 'fail')
  expect(blocks.map(({ message }) => message)).toEqual([
    'reads and writes of public.v wait until statement 1 of two is done',
  ])
})

describe('a role that the replay does not have', () => {
  const pending = { one: parts('create policy p on t to someone using (true)', 'alter table t add c text') }
  it.each([
    [['someone'], []],
    [undefined, []],
    [
      ['postgres'],
      [
        'fails: role "someone" does not exist',
        'is not measured: the deploy stops before it, at statement 1 of one',
      ],
    ],
  ])('is fine where production has it: %s', async (roles, expected) => {
    await database.exec('rollback; drop owned by someone; drop role someone').catch(() => {})
    const { findings } = await runScenario(database, { before, pending, ...(roles && { roles }) })
    const said = findings.filter(({ code }) => code === 'fails' || code === 'not_measured')
    expect(said.map(({ message }) => message)).toEqual(expected)
  })
})

describe('a role that a migration makes', () => {
  const make = 'create role reporting'
  const unless = `do $$ begin if not exists (select from pg_roles where rolname = 'reporting') then ${make}; end if; end $$`
  it.each<
    [what: string, statement: string, roles: readonly string[] | undefined, expected: readonly string[]]
  >([
    ['is there already', make, ['reporting', 'pg_checkpoint'], ['fails: role "reporting" already exists']],
    ['is there already, and the migration looks', unless, ['reporting'], []],
    ['is new', make, ['postgres'], []],
    ['may be new', make, undefined, []],
  ])('%s', async (_, statement, roles, expected) => {
    await database.exec('rollback; drop role reporting').catch(() => {})
    const pending = { one: statement }
    const { findings } = await runScenario(database, { before, pending, ...(roles && { roles }) })
    const problems = findings.filter(({ code }) => code === 'fails' || code === 'not_measured')
    expect(problems.map(({ message }) => message)).toEqual(expected)
  })
})

describe('a table that is emptied', () => {
  it.each([
    [{ 'public.t': huge }, ['the running release may break: public.t is emptied, and loses 50 million rows']],
    [{}, []],
  ])('loses its rows, where it has any', async (sizes, expected) => {
    const pending = { one: 'truncate t' }
    const { findings } = await runScenario(database, { before, pending, sizes })
    const said = findings.filter(({ code }) => code === 'breaks_running_release')
    expect(said.map(({ message }) => message)).toEqual(expected)
  })
})

describe('a DO block', () => {
  const said = async (body: string) => {
    const pending = { one: `DO $do$ BEGIN ${body} END $do$` }
    const { findings } = await runScenario(database, { before, pending })
    return findings
      .filter(({ code }) => code === 'not_measured')
      .map(({ level, message }) => [level, message])
  }

  it.each([
    'IF EXISTS (SELECT 1 FROM t WHERE a > 1) THEN ALTER TABLE t ALTER a TYPE bigint; END IF;',
    'IF EXISTS (SELECT 1 FROM ONLY t) THEN UPDATE t SET a = 1; END IF;',
    'IF (SELECT count(*) FROM public.t) > 0 THEN UPDATE t SET a = 1; END IF;',
    'DECLARE r record; BEGIN FOR r IN SELECT id FROM p LOOP UPDATE t SET a = r.id; END LOOP; END;',
  ])('decides by rows: %s', async (body) => {
    expect(await said(body)).toEqual([
      ['warn', 'is not measured: what it does depends on the rows of a table, and the tables are empty here'],
    ])
  })

  it.each([
    'ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0); EXCEPTION WHEN duplicate_object THEN NULL;',
    `IF NOT EXISTS (SELECT 1 FROM pg_type WHERE typname = 'x') THEN CREATE TYPE x AS ENUM ('a'); END IF;`,
    'CREATE TABLE IF NOT EXISTS n (id integer); DELETE FROM t;',
    'UPDATE t SET a = b FROM p WHERE p.id = t.p;',
  ])('does not: %s', async (body) => {
    expect(await said(body)).toEqual([])
  })
})
