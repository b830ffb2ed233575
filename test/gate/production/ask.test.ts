import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { postgresOverTcp } from '../../../src/clients/postgres-tcp.ts'
import { askSizes, askState } from '../../../src/gate/production/ask.ts'
import { type PostgresServer, startPostgres } from '../../servers/postgres.ts'

const ledger = { schema: 'drizzle', table: '__drizzle_migrations' }
let server: PostgresServer
const controller = new AbortController()
const client = (database = 'app', url = server.url(database)) =>
  postgresOverTcp(url, async () => pg)(controller.signal)
beforeAll(async () => {
  server = await startPostgres()
  await server.createDatabase('app')
  await server.query(
    `create schema drizzle; create table drizzle.__drizzle_migrations (id serial, hash text, created_at bigint);
    insert into drizzle.__drizzle_migrations (hash, created_at) values ('${'a'.repeat(64)}', 5);
    create table t (id integer primary key, body text, other integer);
    create index t_other on t (other);
    alter table t alter body set storage external;
    insert into t select i, repeat(md5(i::text), 200), i from generate_series(1, 500) i;
    create table parts (id integer) partition by range (id);
    create table parts_1 partition of parts for values from (0) to (100);
    create table parts_2 partition of parts for values from (100) to (200);
    insert into parts select generate_series(0, 149);
    create table never_counted (id integer) with (autovacuum_enabled = off);
    create view v as select id from t`,
    'app',
  )
  await server.query('vacuum analyze t, parts_1, parts_2', 'app')
})
afterAll(async () => {
  controller.abort()
  await server?.close()
})

const named = (...names: string[]) => names.map((name) => ({ schema: 'public', name }))

describe('the sizes', () => {
  it('are those of the files, with rows and indexes', async () => {
    const { relations, from } = await askSizes(client(), named('t', 'nowhere', 'v'))
    const [bytes] = await server.query(
      `select pg_relation_size('t')::int as heap, pg_indexes_size('t')::int as indexes,
      pg_relation_size((select reltoastrelid from pg_class where relname = 't'))::int as toast`,
      'app',
    )
    expect(from).toBe('files')
    expect(relations.find(({ name }) => name === 'public.t')).toMatchObject({
      rows: 500,
      indexes: 2,
      heapBytes: bytes?.['heap'],
      toastBytes: bytes?.['toast'],
      indexBytes: bytes?.['indexes'],
    })
    expect(Number(bytes?.['toast'])).toBeGreaterThan(100_000)
    expect(relations.map(({ name }) => name).toSorted()).toEqual(['public.t', 'public.v'])
  })

  it('of a partitioned table are those of its partitions', async () => {
    const { relations } = await askSizes(client(), named('parts'))
    expect(relations).toMatchObject([{ name: 'public.parts', rows: 150, heapBytes: 2 * 8192 }])
  })

  it('without a count the number of rows is not known', async () => {
    await server.query('insert into never_counted select 1', 'app')
    await server.query(`select pg_stat_reset_single_table_counters('never_counted'::regclass)`, 'app')
    const { relations } = await askSizes(client(), named('never_counted'))
    expect(relations[0]).toMatchObject({ rows: undefined, heapBytes: 8192 })
  })

  it('reads and writes are those that Postgres shows', async () => {
    await server.query(
      `set enable_seqscan = off; select id from t where id = 7; reset enable_seqscan; select count(*) from t;
      update t set other = 1 where id = 8; delete from t where id > 495; select pg_stat_force_next_flush()`,
      'app',
    )
    const [shown] = await server.query(
      `select (seq_scan + idx_scan)::int as reads, (n_tup_ins + n_tup_upd + n_tup_del)::int as writes
      from pg_stat_user_tables where relname = 't'`,
      'app',
    )
    expect(shown?.['writes']).toBe(506)
    expect((await askSizes(client(), named('t'))).relations[0]).toMatchObject({ ...shown })
  })

  it('who holds a lock is counted', async () => {
    const holder = new pg.Client(server.url('app'))
    await holder.connect()
    try {
      await holder.query('begin; select id from t limit 1')
      expect((await askSizes(client(), named('t'))).relations[0]).toMatchObject({ holders: 1, oldHolders: 0 })
    } finally {
      await holder.end()
    }
  })

  it('behind an ACCESS EXCLUSIVE lock are estimates: it waits for nobody', async () => {
    const holder = new pg.Client(server.url('app'))
    await holder.connect()
    try {
      await holder.query('begin; lock table t in access exclusive mode')
      const { relations, from } = await askSizes(client(), named('t'))
      expect(from).toBe('estimates')
      expect(relations[0]).toMatchObject({ rows: 500, heapBytes: expect.any(Number), holders: 1 })
      expect(relations[0]?.heapBytes).toBeGreaterThan(0)
    } finally {
      await holder.end()
    }
  })
})

describe('the settings', () => {
  const settings = async (...args: Parameters<typeof client>) =>
    (await askState(client(...args), ledger)).settings

  it('are those of the server where nothing else is set', async () => {
    expect(await settings()).toMatchObject({ version: expect.any(Number), hasLockTimeout: false })
    expect((await settings()).roles).toContain('pg_monitor')
    expect((await settings()).version).toBeGreaterThan(170000)
  })

  it('are those of the role that owns the migrations table, for every role that asks', async () => {
    await server.query(
      `create role reader login password 'reader'; grant usage on schema drizzle to reader;
      grant select on drizzle.__drizzle_migrations to reader;
      alter role reader set timezone = 'Asia/Tokyo'; alter database app set timezone = 'Europe/Paris';
      alter role health_owner set lock_timeout = '4s'`,
      'app',
    )
    const url = server.url('app').replace(/\/\/.*@/, '//reader:reader@')
    expect(await settings('app', url)).toMatchObject({ timeZone: 'Europe/Paris', hasLockTimeout: true })
    await server.query(`alter role health_owner in database app set timezone = 'Europe/Berlin'`, 'app')
    expect(await settings('app', url)).toMatchObject({ timeZone: 'Europe/Berlin' })
  })

  it('the migrations table is read with them', async () => {
    expect((await askState(client(), ledger)).ledger).toEqual([{ when: 5, hash: 'a'.repeat(16) }])
    expect((await askState(client(), { schema: 'drizzle', table: 'nowhere' })).ledger).toBe('absent')
  })
})
