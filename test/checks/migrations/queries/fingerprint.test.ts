import pg from 'pg'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { pinSettings } from '../../../../src/checks/migrations/queries/pin-settings.ts'
import { fingerprintStatement } from '../../../../src/checks/migrations/queries/state.ts'
import { type PostgresServer, startPostgres } from '../../../servers/postgres.ts'

const scope = { schemas: ['public'], partitions: false, extensions: [], optionalKinds: [] }

let server: PostgresServer
beforeAll(async () => {
  server = await startPostgres()
  await server.createDatabase('template')
  const tables = [0, 1, 2].map(
    (n) => `create table orders_${n} (id serial primary key, total numeric(10, 2))`,
  )
  await server.query(`${tables.join(';')}; create type state as enum ('open')`, 'template')
})
afterAll(() => server?.close())
beforeEach(async () => {
  await server.query('drop database if exists app')
  await server.query('create database app template template')
})

async function connect(): Promise<pg.Client> {
  const client = new pg.Client(server.url('app'))
  await client.connect()
  return client
}

/** All that a definition is made of, row for row. Of pg_class without what Postgres writes in place. */
const definitions = `select md5(concat_ws(chr(31),
  (select string_agg(concat_ws(' ', oid, relname, relnamespace, relkind, relpersistence, relowner, reloptions,
    relrowsecurity, relreplident, relispopulated), ',' order by oid) from pg_class where relnamespace = 2200),
  (select string_agg(a::text, ',' order by a.attrelid, attnum) from pg_attribute a join pg_class c on c.oid = a.attrelid
    where c.relnamespace = 2200 and relkind = 'r'),
  ${[
    'pg_attrdef',
    'pg_constraint',
    'pg_index',
    'pg_sequence',
    'pg_trigger',
    'pg_policy',
    'pg_rewrite',
    'pg_enum',
    'pg_inherits',
  ]
    .map((catalog) => `(select string_agg(x::text, ',' order by x::text) from ${catalog} x)`)
    .join()})) as definitions`

/** The key, and what it stands for, of one and the same snapshot. */
async function look(client: pg.Client): Promise<{ key: string; definitions: string }> {
  const pin = pinSettings(scope, { statementMs: 0, lockMs: 0 })
  await client.query('begin isolation level repeatable read')
  await client.query(pin.text, [...(pin.values ?? [])])
  const [{ fingerprint }] = (await client.query(fingerprintStatement(scope).text)).rows
  const [row] = (await client.query(definitions)).rows
  await client.query('commit')
  return { key: fingerprint, definitions: row.definitions }
}

async function keyNow(): Promise<string> {
  const client = await connect()
  const { key } = await look(client)
  await client.end()
  return key
}

/** Numbers below `limit` that are the same in each run. */
function numbers(seed: number): (limit: number) => number {
  let state = seed
  return (limit) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0
    return Math.floor((state / 2 ** 32) * limit)
  }
}

const changes = (number: (limit: number) => number): string => {
  const table = `orders_${number(3)}`
  const all = [
    `alter table ${table} alter column total type numeric(10, ${number(9)})`,
    `alter table ${table} alter column total set default ${number(3)}`,
    `alter table ${table} alter column total drop default`,
    `alter table ${table} alter column total ${number(2) ? 'set' : 'drop'} not null`,
    `alter table ${table} add column note_${number(2)} text default 'x'`,
    `alter table ${table} drop column if exists note_${number(2)}`,
    `alter table ${table} add constraint positive check (total > ${number(5)})`,
    `alter table ${table} drop constraint if exists positive`,
    `alter sequence ${table}_id_seq increment ${1 + number(3)}`,
    `create index if not exists by_total on ${table} (total)`,
    'drop index if exists by_total',
    `alter type state add value if not exists 'state ${number(40)}'`,
    `create or replace view totals as select total from ${table} where id > ${number(3)}`,
    'drop view if exists totals',
    `alter table ${table} ${number(2) ? 'enable' : 'disable'} row level security`,
    `create policy everyone on ${table} using (id > ${number(3)})`,
    `drop policy if exists everyone on ${table}`,
  ]
  return all[number(all.length)] as string
}

it('never stands for two definitions, whatever transactions change them at once and in which order they commit', async () => {
  const seen = new Map<string, string>()
  const olderThanTheChange: string[] = []
  async function changeAndLook(seed: number): Promise<void> {
    const client = await connect()
    const number = numbers(seed)
    await client.query('set lock_timeout = 50')
    for (let transaction = 0; transaction < 40; transaction += 1) {
      await client.query('begin')
      try {
        for (let change = 0; change <= number(3); change += 1) await client.query(changes(number))
        await client.query(number(5) === 0 ? 'rollback' : 'commit')
      } catch {
        // Locked by another one, not possible now, or there already.
        await client.query('rollback')
      }
      const { key, definitions } = await look(client)
      if ((seen.get(key) ?? definitions) !== definitions) olderThanTheChange.push(key)
      seen.set(key, definitions)
    }
    await client.end()
  }
  await Promise.all([1, 2, 3, 4].map(changeAndLook))
  expect(olderThanTheChange).toEqual([])
  expect(new Set(seen.values()).size).toBeGreaterThan(20)
})

it('is another one after a change that is undone', async () => {
  const first = await keyNow()
  await server.query('alter table orders_0 alter column total set not null', 'app')
  const second = await keyNow()
  await server.query('alter table orders_0 alter column total drop not null', 'app')
  expect(new Set([first, second, await keyNow()]).size).toBe(3)
})

it('is another one for a database that was made anew under the same name, although every row is the same', async () => {
  const first = await keyNow()
  await server.query('drop database app')
  await server.query('create database app template template')
  expect(await keyNow()).not.toBe(first)
})

it('is another one after a restart, which is how a server comes back at an earlier point', async () => {
  const first = await keyNow()
  await server.stop()
  await server.start()
  expect(await keyNow()).not.toBe(first)
})

it.each([
  ['rows are written', `insert into orders_0 (total) values (1); update orders_0 set total = 2`],
  ['tables are analyzed and frozen', 'vacuum (analyze, freeze)'],
  ['catalogs are written anew', 'vacuum full pg_attribute; vacuum full pg_class; vacuum full pg_constraint'],
  [
    'temporary tables come and go',
    'create temporary table t (id serial primary key, a text default 1 check (a <> 2::text))',
  ],
  ['another schema changes', 'create schema other; create table other.t (id serial primary key)'],
])('stays while %s', async (_, sql) => {
  const first = await keyNow()
  const client = await connect()
  for (const statement of sql.split('; ')) await client.query(statement)
  expect(await keyNow()).toBe(first)
  await client.end()
})
