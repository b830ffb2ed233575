import { expect, it } from 'vitest'
import type { Live } from './live.ts'
import { run } from './live.ts'
import type { Replayed } from './replay.ts'
import { zooFor } from './zoo.ts'

export interface ZooSuite extends Replayed {
  /** Has a database `zoo` as the migrations made it. */
  readonly live: Live
  /** SQL that makes the migrations table as it is there. */
  readonly ledger: string
}

/** Settings of a database or role that change how Postgres prints nearly everything. */
const settings =
  `search_path = auth, public | IntervalStyle = iso_8601 | DateStyle = 'German, DMY' | TimeZone = 'Asia/Kathmandu'
  | extra_float_digits = -3 | quote_all_identifiers = on | bytea_output = escape | standard_conforming_strings = off
  | xmlbinary = hex | lc_messages = 'C' | default_transaction_isolation = 'repeatable read' | row_security = off`
    .split('|')
    .map((setting) => setting.trim())

/** The zoo never differs from itself, whatever happens to the database that does not change what it means. */
export function zooTests(use: () => ZooSuite, version: number): void {
  const { files } = zooFor(version)
  const inSync = {
    status: 'pass',
    code: 'ok',
    output: 'database up to date with migrations',
    details: {
      migrations: files.length,
      ledger: { table: 'drizzle.__drizzle_migrations' },
      ...(version < 16 && { view_text: expect.stringContaining('unverified') }),
    },
  }

  it('finds nothing in the database that the migrations made', async () => {
    const { live, expected } = use()
    expect(await live.ask('zoo', expected)).toEqual(inSync)
  })

  it('finds nothing when the database has other settings', async () => {
    const { live, expected } = use()
    await live.copy('zoo', 'settings')
    for (const setting of settings) await live.sql('postgres', `alter database settings set ${setting}`)
    expect(await live.sql('settings', `select current_setting('IntervalStyle') as style`)).toEqual([
      { style: 'iso_8601' },
    ])
    expect(await live.ask('settings', expected)).toEqual(inSync)
  })

  it('finds nothing when the role has other settings, and no right but to connect and to read the ledger', async () => {
    const { live, expected } = use()
    await live.sql(
      'zoo',
      `create role zoo_monitor login password 'planted' nosuperuser;
      grant usage on schema drizzle to zoo_monitor; grant select on drizzle.__drizzle_migrations to zoo_monitor;
      revoke usage on schema public from public;`,
    )
    for (const setting of settings) await live.sql('postgres', `alter role zoo_monitor set ${setting}`)
    expect(await run(live.check('zoo', expected, { user: 'zoo_monitor', password: 'planted' }))).toEqual(
      inSync,
    )
  })

  it('compares the schema when the role may not read the ledger, and says which right is missing', async () => {
    const { live, expected } = use()
    await live.sql('zoo', `create role zoo_stranger login password 'planted' nosuperuser`)
    const outcome = await run(live.check('zoo', expected, { user: 'zoo_stranger', password: 'planted' }))
    expect(outcome).toMatchObject({ status: 'warn', code: 'not_compared' })
    expect(outcome.details).toMatchObject({
      ledger: {
        state: 'denied',
        fix: expect.stringContaining('GRANT SELECT ON drizzle.__drizzle_migrations'),
      },
    })
    expect(outcome.details).not.toHaveProperty('findings')
  })

  it('finds nothing after a dump and restore', async () => {
    const { live, expected, dump, ledger } = use()
    await live.server.createDatabase('restored')
    // The dump is one of 18: older servers do not know all of its settings.
    await live.sql(
      'restored',
      `create schema if not exists public; ${dump.replaceAll(/^SET transaction_timeout.*$/gm, '')}`,
    )
    await live.sql('restored', ledger)
    expect(await live.ask('restored', expected)).toEqual(inSync)
  })

  it('finds nothing when an owner that is not a superuser migrated file by file', async () => {
    const { live, expected, ledger } = use()
    await live.server.createDatabase('owned')
    await live.sql(
      'owned',
      `create role zoo_owner nosuperuser login password 'planted'; alter database owned owner to zoo_owner; alter schema public owner to zoo_owner`,
    )
    for (const text of files) await live.sql('owned', `set role zoo_owner; ${text}`)
    await live.sql('owned', ledger)
    expect(await live.ask('owned', expected)).toEqual(inSync)
  })

  it('finds nothing when partitions come and go', async () => {
    const { live, expected } = use()
    await live.copy('zoo', 'partitions')
    await live.sql(
      'partitions',
      `create table log_a_2027 partition of log_a for values from ('2027-01-01') to ('2028-01-01');
      create table parts_c partition of parts for values in ('c'); drop table log_a_2026; drop table log_default;`,
    )
    expect(await live.ask('partitions', expected)).toEqual(inSync)
  })

  it('finds nothing beside extensions and objects that are not ours', async () => {
    const { live, expected } = use()
    await live.copy('zoo', 'platform')
    await live.sql(
      'platform',
      `create schema platform; create extension pgcrypto schema platform; create extension hstore schema platform;
      create table platform.users (id integer); create table drizzle.other (id integer);`,
    )
    expect(await live.ask('platform', expected)).toEqual(inSync)
  })
}
