import pg from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { migrationsCheck } from '../../../src/checks/migrations/check.ts'
import {
  type ExpectedPart,
  type ExpectedSchema,
  writeObject,
} from '../../../src/checks/migrations/expected-schema.ts'
import {
  createPostgres,
  type Postgres,
  PostgresError,
  postgresOverHttp,
} from '../../../src/clients/postgres.ts'
import type { Check } from '../../../src/core/check.ts'
import { type Clock, systemClock } from '../../../src/core/clock.ts'
import { until } from '../../servers/process.ts'
import { ask } from '../../support/ask.ts'
import { type Live, run, startLive } from './live.ts'
import { findingsOf } from './mutation-suite.ts'
import { ledgerSql, migrationOf, replay, whenOf } from './replay.ts'
import { ticketing } from './ticketing.ts'

let live: Live
let expected: ExpectedSchema
let check: Check
beforeAll(async () => {
  expected = (await replay(ticketing)).expected
  live = await startLive()
  await live.migrate('template', ticketing)
})
afterAll(() => live?.close())
beforeEach(async () => {
  await live.sql('postgres', 'drop database if exists app with (force)')
  await live.copy('template', 'app')
  check = live.check('app', expected)
})

const sql = (text: string) => live.sql('app', text)

/** A session of somebody else. */
async function session(): Promise<pg.Client> {
  const client = new pg.Client(live.server.url('app'))
  client.on('error', () => {})
  await client.connect()
  return client
}

/** What was asked by the check: statements and bytes of each request, in order. */
function observed(
  schema = expected,
  clock: Clock = systemClock,
): {
  check: Check
  requests: { statements: number; rows: unknown[][] }[]
} {
  const requests: { statements: number; rows: unknown[][] }[] = []
  const spying = (signal: AbortSignal): Pick<Postgres, 'readOnlyBatch'> => ({
    async readOnlyBatch(statements) {
      const rows = await createPostgres(live.connection('app'), signal).readOnlyBatch(statements)
      requests.push({ statements: statements.length, rows })
      return rows
    },
  })
  const check = migrationsCheck({ postgres: spying, expected: schema }, { clock })
  return { check, requests }
}

describe('findings that warn, as configured', () => {
  const lenient = (...warn: string[]) =>
    migrationsCheck({ postgres: postgresOverHttp(live.connection('app')), expected, warn })

  it('a dropped index warns, and the code says drift', async () => {
    await sql('drop index events_price')
    expect(await run(check)).toMatchObject({ status: 'fail', code: 'drift' })
    const outcome = await run(lenient('index'))
    expect(outcome).toMatchObject({
      status: 'warn',
      code: 'drift',
      output: '1 difference from the migrations',
      details: { next: expect.stringContaining('MIGRATIONS_WARN') },
    })
    expect(findingsOf(outcome)).toMatchObject([{ kind: 'index', difference: 'missing', severity: 'warn' }])
  })

  it('beside another difference it still fails', async () => {
    await sql('drop index events_price, events_city; alter table events drop column starts_at')
    expect(await run(lenient('index'))).toMatchObject({ status: 'fail', code: 'drift' })
  })
})

describe('the codes of the ledger', () => {
  const table = 'drizzle.__drizzle_migrations'

  it('pending: the newest row is missing', async () => {
    await sql(`delete from ${table} where created_at = ${whenOf(2)}`)
    const outcome = await run(check)
    expect(outcome).toMatchObject({ status: 'fail', code: 'pending', output: '1 migration is not applied' })
    expect(outcome.details).toMatchObject({
      next: 'npx drizzle-kit migrate',
      ledger: { pending: ['0002_file'] },
    })
  })

  it('out_of_order: a row in the middle is missing; red as soon as the schema differs', async () => {
    await sql(`delete from ${table} where created_at = ${whenOf(1)}`)
    expect(await run(check)).toMatchObject({ status: 'warn', code: 'out_of_order' })
    await sql('alter table orders drop column note')
    expect(await run(check)).toMatchObject({ status: 'fail', code: 'out_of_order' })
  })

  it('edited: a file changed after it ran; red as soon as the schema differs', async () => {
    const files = ticketing.files.map((text, i) => (i === 1 ? `${text}\n-- tidied up` : text))
    const edited = { ...expected, migrations: files.map(migrationOf) }
    expect(await run(live.check('app', edited))).toMatchObject({ status: 'warn', code: 'edited' })
    await sql('alter table orders drop column note')
    const outcome = await run(live.check('app', edited))
    expect(outcome).toMatchObject({
      status: 'fail',
      code: 'edited',
      details: { ledger: { edited: ['0001_file'] } },
    })
    expect(findingsOf(outcome)).toMatchObject([{ object: 'public.orders.note', difference: 'missing' }])
  })

  it('unknown_migration: a row of no file, older than our newest', async () => {
    await sql(`insert into ${table} (hash, created_at) values ('x', ${whenOf(1) + 1})`)
    expect(await run(check)).toMatchObject({ status: 'warn', code: 'unknown_migration' })
    await sql('alter table orders drop column note')
    expect(await run(check)).toMatchObject({ status: 'fail', code: 'unknown_migration' })
  })

  it('database_ahead: a row newer than our newest; differences are reported, not failed', async () => {
    await sql(
      `insert into ${table} (hash, created_at) values ('x', ${whenOf(99)}); alter table orders drop column note`,
    )
    const outcome = await run(check)
    expect(outcome).toMatchObject({ status: 'warn', code: 'database_ahead' })
    expect(findingsOf(outcome)).toHaveLength(1)
  })

  it('no_ledger: the schema was pushed', async () => {
    await sql('drop schema drizzle cascade')
    expect(await run(check)).toMatchObject({
      status: 'warn',
      code: 'no_ledger',
      details: { ledger: { state: 'absent' } },
    })
  })

  it('not_compared: a policy hides the rows of the ledger, which proves nothing', async () => {
    await sql(`create role planted_reader login password 'planted'; grant usage on schema drizzle to planted_reader;
      grant select on ${table} to planted_reader; alter table ${table} enable row level security`)
    const outcome = await run(live.check('app', expected, { user: 'planted_reader', password: 'planted' }))
    expect(outcome).toMatchObject({
      status: 'warn',
      code: 'not_compared',
      details: { ledger: { state: 'denied' } },
    })
  })

  it('unauthorized: the role may not connect, which has nothing to do with what it may read', async () => {
    await sql(
      `create role planted_stranger login password 'planted'; revoke connect on database app from public`,
    )
    const denied = live.check('app', expected, { user: 'planted_stranger', password: 'planted' })
    await expect(run(denied)).rejects.toMatchObject({ code: 'unauthorized' })
  })

  it('pending: the ledger is a table of something else', async () => {
    await sql(
      `drop table ${table}; create table ${table} (created_at timestamptz, hash integer); insert into ${table} values (now(), 1)`,
    )
    expect(await run(check)).toMatchObject({ status: 'fail', code: 'pending' })
  })

  it('line_endings: the files that ran had others', async () => {
    await sql(
      `drop schema drizzle cascade; ${ledgerSql(ticketing.files.map((text) => text.replaceAll('\n', '\r\n')))}`,
    )
    expect(await run(check)).toMatchObject({ status: 'pass', code: 'line_endings' })
  })

  it('models_ahead: known at build time, and true whatever the database says', async () => {
    const ahead = { ...expected, models: { state: 'ahead', names: ['public.orders.tip'] } } as const
    expect(await run(live.check('app', ahead))).toMatchObject({
      status: 'fail',
      code: 'models_ahead',
      details: { models_ahead: ['public.orders.tip'] },
    })
  })

  it('reads the ledger of 1.0, and one that lies elsewhere', async () => {
    await sql(`create schema "My Ledger"; create table "My Ledger"."Applied & <done>" (id serial, hash text, created_at bigint, name text, applied_at timestamptz);
      insert into "My Ledger"."Applied & <done>" (hash, created_at, name) select hash, created_at, 'name "' || id || '" & <more>' from ${table} order by id desc`)
    const renamed: ExpectedSchema = {
      ...expected,
      layout: '1.0',
      ledger: { schema: 'My Ledger', table: 'Applied & <done>' },
      migrations: expected.migrations.map((migration, i) => ({
        ...migration,
        name: `name "${i + 1}" & <more>`,
      })),
    }
    expect(await run(live.check('app', renamed))).toMatchObject({ status: 'pass', code: 'ok' })
  })
})

describe('what a run costs', () => {
  it('is one request of two statements when the database is in sync', async () => {
    const { check, requests } = observed()
    expect(await run(check)).toMatchObject({ code: 'ok' })
    expect(requests.map(({ statements }) => statements)).toEqual([2])
  })

  it('is one request without the definitions when the fingerprint is known', async () => {
    const { check, requests } = observed()
    await run(check)
    await run(check)
    const catalogs = requests.map(
      ({ rows }) => (rows[1]?.[0] as { catalog: unknown } | undefined)?.catalog !== null,
    )
    expect(catalogs).toEqual([true, false])
  })

  it('reads the definitions again after ten minutes, whatever the fingerprint says', async () => {
    let now = 0
    const { check, requests } = observed(expected, { ...systemClock, monotonic: () => now })
    for (const minutes of [0, 9, 11, 20]) {
      now = minutes * 60_000
      await run(check)
    }
    const catalogs = requests.map(
      ({ rows }) => (rows[1]?.[0] as { catalog: unknown } | undefined)?.catalog !== null,
    )
    expect(catalogs).toEqual([true, false, true, false])
  })

  it('sees that a role of a policy has another name', async () => {
    await run(check)
    await sql('alter role tix_app rename to tix_renamed')
    const outcome = await run(check)
    await sql('alter role tix_renamed rename to tix_app')
    expect(findingsOf(outcome).map(({ kind }) => kind)).toEqual(['policy', 'policy'])
    expect(await run(check)).toMatchObject({ code: 'ok' })
  })

  it('is two requests when it differs, and one while it differs in the same way', async () => {
    const { check, requests } = observed()
    await sql('alter table orders drop column note')
    const first = await run(check)
    expect(requests.map(({ statements }) => statements)).toEqual([2, 3])
    expect(await run(check)).toEqual(first)
    expect(requests).toHaveLength(3)
  })

  it('sees the drift, and its end, although it has been in sync before', async () => {
    expect(await run(check)).toMatchObject({ code: 'ok' })
    await sql(`alter table orders alter column note set default 'x'`)
    expect(await run(check)).toMatchObject({ code: 'drift' })
    await sql('alter table orders alter column note drop default')
    expect(await run(check)).toMatchObject({ code: 'ok' })
  })

  it('keeps the fingerprint while the database is only used', async () => {
    const fingerprints: unknown[] = []
    for (const use of [
      'select 1',
      `insert into drafts values (1, 'x'); update drafts set body = 'y'`,
      'vacuum analyze',
    ]) {
      await sql(use)
      const { check, requests } = observed()
      await run(check)
      fingerprints.push((requests[0]?.rows[1]?.[0] as { fingerprint: unknown } | undefined)?.fingerprint)
    }
    expect(new Set(fingerprints)).toEqual(new Set([expect.stringMatching(/^[0-9a-f]{32}$/)]))
  })
})

describe('while somebody changes the schema', () => {
  it('answers within the timeout when a table is locked, without a false finding', async () => {
    const other = await session()
    await other.query('begin; lock table orders in access exclusive mode')
    const outcome = await ask(check)
    expect(outcome).toMatchObject({
      status: 'warn',
      code: 'not_compared',
      details: {
        not_compared: 'locked',
        sqlstate: '55P03',
        message: expect.stringContaining('lock timeout'),
      },
    })
    expect(findingsOf(outcome)).toEqual([])
    await other.query('rollback')
    expect(await run(check)).toMatchObject({ code: 'ok' })
    await other.end()
  })

  it('answers from the fingerprint when a table is locked that was in sync before', async () => {
    await run(check)
    const other = await session()
    await other.query('begin; lock table orders in access exclusive mode')
    expect(await run(check)).toMatchObject({ status: 'pass', code: 'ok' })
    await other.end()
  })

  it('says that a migration is pending although a table is locked, because that is certain', async () => {
    await sql(`delete from drizzle.__drizzle_migrations where created_at = ${whenOf(2)}`)
    const other = await session()
    await other.query('begin; lock table orders in access exclusive mode')
    expect(await run(check)).toMatchObject({
      status: 'fail',
      code: 'pending',
      details: { not_compared: 'locked', ledger: { pending: ['0002_file'] } },
    })
    await other.end()
  })

  it('is not compared when even the ledger is locked', async () => {
    const other = await session()
    await other.query('begin; lock table drizzle.__drizzle_migrations in access exclusive mode')
    const outcome = await run(check)
    expect(outcome).toMatchObject({
      status: 'warn',
      code: 'not_compared',
      details: { ledger: { state: 'unread' } },
    })
    await other.end()
  })

  it('lets Postgres give up before the check does', async () => {
    const other = await session()
    await other.query(`create function drizzle.slow() returns text language sql as $$ select pg_sleep(30)::text $$;
      alter table drizzle.__drizzle_migrations rename to real;
      create view drizzle.__drizzle_migrations as select id, hash || drizzle.slow() as hash, created_at from drizzle.real`)
    const outcome = await run(check, 1500)
    expect(outcome).toMatchObject({ status: 'warn', code: 'not_compared', details: { not_compared: 'slow' } })
    await other.end()
  })

  it('never finds what is not there while tables come and go without pause', async () => {
    const other = await session()
    let churning = true
    let changes = 0
    const churn = (async () => {
      while (churning) {
        await other.query(`begin; create table churn (id serial primary key, a text default 'x' check (a <> ''), b integer);
          create index on churn (a) where b > 1; create view churn_view as select a from churn; commit`)
        await other.query(
          'begin; drop view churn_view; drop table churn; alter table orders alter column note set not null; alter table orders alter column note drop not null; commit',
        )
        changes += 2
      }
    })()
    await until('the schema changes', () => changes > 10)
    const codes = new Map<string, number>()
    const objects = new Set<string>()
    for (let i = 0; i < 30; i++) {
      const outcome = await run(live.check('app', expected))
      codes.set(outcome.code, (codes.get(outcome.code) ?? 0) + 1)
      for (const { object, difference } of findingsOf(outcome)) objects.add(`${difference} ${object}`)
    }
    churning = false
    await churn
    await other.end()
    // An extra table that was there at that moment is not a false finding; anything else would be.
    expect([...objects].filter((name) => !/^extra public\.churn/.test(name))).toEqual([])
    expect([...codes.keys()].filter((code) => !['ok', 'extra', 'not_compared'].includes(code))).toEqual([])
  })

  it('tries once more when what it read was gone', async () => {
    let calls = 0
    const racing = migrationsCheck({
      expected,
      postgres: (signal) => ({
        readOnlyBatch(statements) {
          calls++
          if (calls === 1)
            throw new PostgresError('error', 'could not open relation with OID 1', { sqlstate: 'XX000' })
          return createPostgres(live.connection('app'), signal).readOnlyBatch(statements)
        },
      }),
    })
    expect(await run(racing)).toMatchObject({ code: 'ok' })
    expect(calls).toBe(2)
  })

  it('does not report what changed between its two questions', async () => {
    await sql('alter table orders drop column note')
    let calls = 0
    const moving = migrationsCheck({
      expected,
      postgres: (signal) => ({
        async readOnlyBatch(statements) {
          calls++
          if (statements.length === 3) await sql(`create table churn_${calls} (id integer)`)
          return createPostgres(live.connection('app'), signal).readOnlyBatch(statements)
        },
      }),
    })
    const outcome = await run(moving)
    expect(outcome).toMatchObject({ code: 'not_compared', details: { not_compared: 'racing' } })
    expect(calls).toBe(5)
  })
})

it('sees what happens between two statements of a batch, also where that is not the default', async () => {
  await live.sql('postgres', `alter database app set default_transaction_isolation = 'serializable'`)
  const level = { text: 'show transaction_isolation' }
  const [rows] = await createPostgres(live.connection('app'), AbortSignal.timeout(5000)).readOnlyBatch([
    level,
  ])
  expect(rows).toEqual([{ transaction_isolation: 'read committed' }])
})

describe('bounds', () => {
  it('asks for at most 64 kB, counts the rest, and writes out 20 findings', async () => {
    await sql(`do $$ begin for i in 1..30 loop
      execute format('create table wide_%s (%s)', i, (select string_agg(format('column_number_%s text default %L', n, repeat('"', 80)), ', ') from generate_series(1, 60) n));
    end loop; end $$`)
    const parts = Array.from(
      { length: 30 },
      (_, i): ExpectedPart => ({
        part: `public.wide_${i + 1}`,
        kind: 'table',
        digests: ['ffffffffffff'],
        objectDigests: 'other',
        objects: [writeObject({ kind: 'table', name: '', definition: '' })],
      }),
    )
    const { check, requests } = observed({
      ...expected,
      digests: ['other'],
      parts: [...expected.parts, ...parts],
    })
    const outcome = await run(check)
    const answers = requests.map(({ rows }) => JSON.stringify(rows))
    expect(answers.join('').length).toBeLessThan(64 * 1024)
    expect(outcome).toMatchObject({ status: 'fail', code: 'drift' })
    expect(findingsOf(outcome)).toHaveLength(21)
    expect(outcome.details?.['also_different']).toHaveLength(21)
    expect(findingsOf(outcome).at(-1)).toMatch(/^and \d+ more$/)
  })

  it('asks for at most 64 kB of a thousand tables that nobody expected, and counts them all', async () => {
    await sql(`do $$ begin for i in 1..1000 loop
      execute format('create table %I ()', rpad('more "' || i, 63, '"'));
    end loop; end $$`)
    const { check, requests } = observed(expected)
    const outcome = await run(check)
    const answers = requests.map(({ rows }) => JSON.stringify(rows))
    expect(answers.join('').length).toBeLessThan(64 * 1024)
    expect(outcome).toMatchObject({ status: 'warn', output: '1000 harmless additions to the migrations' })
    expect(findingsOf(outcome).at(-1)).toBe('and 980 more')
  })

  it('asks only for the objects that differ, in tables of any size', async () => {
    await sql('alter table orders alter column note set not null; create index by_hand on orders (buyer)')
    const { check, requests } = observed(expected)
    expect(await run(check)).toMatchObject({ output: '2 differences from the migrations' })
    const answer = JSON.stringify(requests.map(({ rows }) => rows))
    expect(answer).toContain('by_hand')
    expect(answer).not.toContain('events_starts')
    expect(answer).not.toContain('buyer text')
  })

  it('counts every difference in the public sentence', async () => {
    await sql(
      'alter table orders drop column note; drop index events_starts; create index by_hand on orders (buyer)',
    )
    expect(await run(check)).toMatchObject({ output: '3 differences from the migrations' })
  })
})

describe('what other tools add', () => {
  it('is information, names the tool, and leaves the check green', async () => {
    await sql(`create schema hdb_catalog;
      create function hdb_catalog."notify_hasura_new_INSERT"() returns trigger language plpgsql as 'begin return new; end';
      create trigger notify_hasura_new after insert on orders for each row execute function hdb_catalog."notify_hasura_new_INSERT"();
      create table _prisma_migrations (id text primary key);
      alter table orders replica identity full`)
    const outcome = await run(check)
    expect(outcome).toMatchObject({ status: 'pass', code: 'ok' })
    expect(findingsOf(outcome)).toMatchObject([
      { object: 'public._prisma_migrations', severity: 'info', owner: 'Prisma' },
      { object: 'public.orders', kind: 'table', difference: 'changed', severity: 'info' },
      { object: 'public.orders.notify_hasura_new', severity: 'info', owner: 'Hasura' },
    ])
    for (const { fix } of findingsOf(outcome)) expect(fix ?? '').not.toContain('DROP')
  })

  it('is left out where --ignore or the tablesFilter names it, and is named in the details', async () => {
    const drift = `create table audit_log (id integer); create table spatial_ref_sys (id integer);
      create trigger sync after insert on orders for each row execute function suppress_redundant_updates_trigger();
      drop index events_starts`
    await sql(drift.replace('after insert', 'before update'))
    expect(await run(check)).toMatchObject({ code: 'drift', output: '4 differences from the migrations' })
    const ignoring = live.check('app', {
      ...expected,
      ignore: ['public.audit_*', 'trigger:*.sync', 'index:*.events_starts'],
      tablesFilter: ['!spatial_ref_sys'],
    })
    const outcome = await run(ignoring)
    expect(outcome).toMatchObject({ status: 'pass', code: 'ok' })
    expect(outcome.details?.['ignored']).toEqual(
      expect.arrayContaining([
        'public.audit_log',
        'public.spatial_ref_sys',
        'public.orders.sync',
        'public.events_starts',
      ]),
    )
    await sql('alter table orders drop column note')
    expect(await run(ignoring)).toMatchObject({ code: 'drift', output: '1 difference from the migrations' })
  })
})

describe('when it cannot be asked', () => {
  it('is not configured without an expected schema, or with one of another version', async () => {
    const postgres = postgresOverHttp(live.connection('app'))
    await expect(run(migrationsCheck({ postgres, expected: undefined }))).rejects.toMatchObject({
      code: 'not_configured',
    })
    const old = { ...expected, question: 'older' }
    await expect(run(migrationsCheck({ postgres, expected: old }))).rejects.toMatchObject({
      code: 'not_configured',
    })
  })

  it("throws the client's own failure, so that it repeats the database's", async () => {
    const nobody = live.check('app', expected, { user: 'nobody', password: 'wrong' })
    await expect(run(nobody)).rejects.toMatchObject({ name: 'CheckError', code: 'unauthorized' })
    expect(nobody.dependsOn).toBe('database')
  })
})
