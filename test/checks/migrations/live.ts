import pg from 'pg'
import { migrationsCheck } from '../../../src/checks/migrations/check.ts'
import type { ExpectedSchema } from '../../../src/checks/migrations/expected-schema.ts'
import {
  type Postgres,
  type PostgresConnection,
  postgresOverHttp,
  type Row,
} from '../../../src/clients/postgres.ts'
import { postgresOverTcp } from '../../../src/clients/postgres-tcp.ts'
import type { Check, Outcome } from '../../../src/core/check.ts'
import { postgresBackend } from '../../../src/dev/postgres-backend.ts'
import { startSqlOverHttp } from '../../../src/dev/sql-over-http.ts'
import { type PostgresServer, type PostgresVersion, startPostgres } from '../../servers/postgres.ts'
import { asAnswered } from '../../support/as-answered.ts'
import { createRoles, ledgerSql, type TestMigrations } from './replay.ts'

/** A real server behind SQL over HTTP, asked by the real driver. */
export interface Live {
  readonly server: PostgresServer
  /** Runs SQL in a database. */
  sql(database: string, text: string): Promise<Record<string, unknown>[]>
  /**
   * Makes a database as the migrations and Drizzle's ledger make it.
   *
   * @param apply a migrator instead [as Drizzle 0.31 does]
   */
  migrate(
    database: string,
    migrations: TestMigrations,
    apply?: (databaseUrl: string) => Promise<void>,
  ): Promise<void>
  /** Makes a copy of a database that nobody is connected to. */
  copy(template: string, database: string): Promise<void>
  drop(database: string): Promise<void>
  connection(database: string, login?: { user: string; password: string }): PostgresConnection
  check(database: string, expected: ExpectedSchema, login?: { user: string; password: string }): Check
  /** One run of a new check. */
  ask(database: string, expected: ExpectedSchema): Promise<Outcome>
  close(): Promise<void>
}

/** @param transport how the checks ask [over HTTP] */
export async function startLive(
  version?: PostgresVersion,
  transport: 'HTTP' | 'TCP' = 'HTTP',
): Promise<Live> {
  const server = await startPostgres(version === undefined ? {} : { version })
  const service = await startSqlOverHttp({
    backend: postgresBackend(server.url(), { keepConnections: false }),
  })
  const sql = (database: string, text: string) => server.query(text, database)
  const connection: Live['connection'] = (database, login) => {
    const url = new URL(server.url(database).replace('127.0.0.1', 'db.local'))
    if (login) Object.assign(url, { username: login.user, password: login.password })
    return { url: url.href, endpoint: service.url }
  }
  const check: Live['check'] = (database, expected, login) =>
    migrationsCheck({
      postgres:
        transport === 'HTTP'
          ? postgresOverHttp(connection(database, login))
          : postgresOverTcp(connection(database, login).url.replace('db.local', '127.0.0.1'), async () => pg),
      expected,
    })
  return {
    server,
    sql,
    connection,
    check,
    async migrate(database, { roles, files }, apply) {
      await server.createDatabase(database)
      const missing = await sql(database, 'select rolname from pg_roles')
      const names = missing.map(({ rolname }) => rolname)
      await sql(database, `select 1; ${createRoles(roles.filter((role) => !names.includes(role)))}`)
      if (apply) return apply(server.url(database))
      for (const text of files) await sql(database, text)
      await sql(database, ledgerSql(files))
    },
    async copy(template, database) {
      // As files, and not through the log: half the time where nothing is written through to the disk.
      const strategy = (version ?? 17) >= 15 ? 'strategy file_copy' : ''
      await server.query(`create database "${database}" template "${template}" ${strategy}`)
    },
    async drop(database) {
      await server.query(`drop database "${database}" with (force)`)
    },
    ask: async (database, expected) => run(check(database, expected)),
    async close() {
      await service.close()
      await server.close()
    },
  }
}

/** As the run asks it, with its details as a caller reads them. */
export async function run(check: Check, timeoutMs = 10_000): Promise<Outcome> {
  const controller = new AbortController()
  try {
    return asAnswered(await check.run({ signal: controller.signal, timeoutMs }))
  } finally {
    controller.abort()
  }
}

/** A fix, or a script, without its own transaction: for a session in whose transaction everything happens. */
export const inOneTransaction = (sql: string): string =>
  sql.replace(/^BEGIN; (.*); COMMIT$/s, '$1').replaceAll(/^(?:BEGIN|COMMIT);$/gm, '')

/** The narrow client on a session of the test's own, inside of whose transaction it asks. */
export function clientOn(session: pg.Client): Pick<Postgres, 'readOnlyBatch'> {
  return {
    async readOnlyBatch(statements) {
      // What is set for the question must not outlive it.
      await session.query('savepoint question')
      const answers: Row[][] = []
      for (const { text, values = [] } of statements)
        answers.push((await session.query(text, [...values])).rows)
      await session.query('rollback to savepoint question')
      return answers
    },
  }
}
