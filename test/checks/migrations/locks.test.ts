/** What the check holds while it reads: docs/celery.md says what waits for it. */
import pg from 'pg'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { pinSettings } from '../../../src/checks/migrations/queries/pin-settings.ts'
import { stateQuery } from '../../../src/checks/migrations/queries/state.ts'
import { type PostgresServer, startPostgres } from '../../servers/postgres.ts'

const ledger = { schema: 'drizzle', table: '__drizzle_migrations' }
const scope = {
  schemas: ['public'],
  extensions: [],
  partitions: true,
  ownerPolicies: true,
  optionalKinds: [],
  ledger,
}

let server: PostgresServer
let url: string
beforeAll(async () => {
  server = await startPostgres()
  url = await server.createDatabase('locks')
  const tables = `
    create schema drizzle;
    create table drizzle.__drizzle_migrations (id serial primary key, hash text, created_at bigint);
    create table viewed (id int primary key);
    create view of_viewed as select id from viewed;
    create table checked (id int primary key, viewed int references viewed, n text default 'x' check (n <> ''));
    create index on checked (lower(n));
    create policy mine on checked using (n > 'a');
    create function touch() returns trigger language plpgsql as 'begin return new; end';
    create trigger touched before update on checked for each row when (new.n <> 'a') execute function touch();
    create table parted (d date default now()) partition by range (d);
    create table part partition of parted for values from ('2020-01-01') to ('2021-01-01');`
  await server.query(tables, 'locks')
})
afterAll(() => server?.close())

const held = async () => {
  const locks = await server.query(
    `select relation::regclass::text as name, mode from pg_locks join pg_class c on c.oid = relation
    where pid <> pg_backend_pid() and relkind <> 'i' and relnamespace in ('public'::regnamespace, 'drizzle'::regnamespace)`,
    'locks',
  )
  return locks.map(({ name, mode }) => `${name} ${mode}`).sort()
}

it.each([
  ['the whole catalog', true, ['drizzle.__drizzle_migrations AccessShareLock', 'viewed AccessShareLock']],
  ['the ledger alone', false, ['drizzle.__drizzle_migrations AccessShareLock']],
])(
  'while it reads %s, holds nothing but the weakest lock on the ledger and on what views name',
  async (_what, withCatalog, expected) => {
    const client = new pg.Client({ connectionString: url })
    await client.connect()
    await client.query('begin isolation level read committed read only')
    const settings = pinSettings(scope, { statementMs: 5000, lockMs: 500 }, { digests: [] })
    for (const { text, values = [] } of [settings, stateQuery(scope, { ledger, withCatalog })]) {
      await client.query(text, [...values])
    }
    expect(await held()).toEqual(expected)
    await client.query('commit')
    expect(await held()).toEqual([])
    await client.end()
  },
)
