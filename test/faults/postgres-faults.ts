import { password, sqlRole } from '../support/least-privilege.ts'
import { type Fault, inDatabase, type Repair } from './fault.ts'
import type { TestEnvironment } from './test-environment.ts'

export const postgresFaults: readonly Fault[] = [
  {
    name: 'Postgres stopped',
    status: 503,
    codes: inDatabase('unreachable'),
    inject: async ({ postgres }) => {
      await postgres.stop()
      return () => postgres.start()
    },
  },
  {
    name: "Postgres restarted, and the endpoint's kept connections are stale",
    status: 200,
    codes: {},
    inject: async ({ postgres }) => {
      await postgres.stop()
      await postgres.start()
      return () => {}
    },
  },
  {
    name: 'Postgres frozen',
    status: 503,
    codes: inDatabase('timeout'),
    inject: async ({ postgres }) => {
      postgres.freeze()
      return () => postgres.thaw()
    },
  },
  {
    name: 'Postgres password changed',
    status: 503,
    codes: inDatabase('unauthorized'),
    inject: (testEnvironment) =>
      inPostgres(
        testEnvironment,
        `alter role ${sqlRole} password 'another'`,
        `alter role ${sqlRole} password '${password}'`,
      ),
  },
  {
    name: 'a table locked all the time',
    status: 200,
    codes: {},
    inject: (testEnvironment) =>
      inPostgres(testEnvironment, 'begin; lock table organizers in access exclusive mode', 'rollback'),
  },
  {
    name: 'a table locked all the time, and the function started meanwhile',
    status: 200,
    codes: { migrations: 'not_compared' },
    variables: () => ({}),
    inject: (testEnvironment) =>
      inPostgres(testEnvironment, 'begin; lock table organizers in access exclusive mode', 'rollback'),
  },
  {
    name: "Drizzle's table of migrations locked all the time",
    status: 200,
    waits: 'about 1 s',
    codes: { migrations: 'not_compared' },
    inject: (testEnvironment) =>
      inPostgres(
        testEnvironment,
        'begin; lock table drizzle.__drizzle_migrations in access exclusive mode',
        'rollback',
      ),
  },
  {
    name: 'a column dropped by hand',
    status: 503,
    codes: { migrations: 'drift' },
    inject: (testEnvironment) =>
      inPostgres(
        testEnvironment,
        'alter table organizers drop column website',
        'alter table organizers add column website text',
      ),
  },
  {
    name: 'the newest migration not applied',
    status: 503,
    codes: { migrations: 'pending' },
    inject: (testEnvironment) =>
      inPostgres(
        testEnvironment,
        `create table kept as select * from drizzle.__drizzle_migrations order by created_at desc limit 1;
         delete from drizzle.__drizzle_migrations where id in (select id from kept)`,
        'insert into drizzle.__drizzle_migrations select * from kept; drop table kept',
      ),
  },
]

async function inPostgres(
  testEnvironment: TestEnvironment,
  breaking: string,
  mending: string,
): Promise<Repair> {
  const client = await testEnvironment.openPostgres()
  await client.query(breaking)
  return async () => {
    await client.query(mending)
    await client.end()
  }
}
