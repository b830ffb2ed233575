import { once } from 'node:events'
import { type AddressInfo, connect, createServer } from 'node:net'
import { pipeline } from 'node:stream'
import { PGlite } from '@electric-sql/pglite'
import { type NeonDbError, neon, neonConfig } from '@neondatabase/serverless'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { HttpService } from '../../src/dev/http-service.ts'
import { pgliteBackend } from '../../src/dev/pglite-backend.ts'
import { postgresBackend } from '../../src/dev/postgres-backend.ts'
import { startSqlOverHttp } from '../../src/dev/sql-over-http.ts'
import { type PostgresServer, startPostgres } from '../servers/postgres.ts'
import { until } from '../servers/process.ts'

/** The real driver, sent to the service under test. */
function driver(service: HttpService, url: string) {
  neonConfig.fetchFunction = (_url: string, init: RequestInit & { endpoint: string }) =>
    fetch(init.endpoint, init)
  return neon(url, { fetchOptions: { endpoint: service.url }, fullResults: true })
}

const post = (service: HttpService, body: string, headers: Record<string, string> = {}) =>
  fetch(service.url, { method: 'POST', body, headers })

const fault = (promise: Promise<unknown>) =>
  promise.then(
    () => expect.unreachable('the query was answered'),
    (error: NeonDbError) => error,
  )

let postgres: PostgresServer
let pglite: PGlite
const services: Record<string, { service: HttpService; url: string }> = {}

beforeAll(async () => {
  ;[postgres, pglite] = await Promise.all([startPostgres(), PGlite.create()])
  const login = { user: 'shop', password: 'p@ss:w/rd', database: 'postgres' }
  services['PGlite'] = {
    service: await startSqlOverHttp({ backend: pgliteBackend(pglite, login) }),
    url: 'postgres://shop:p%40ss%3Aw%2Frd@db.local/postgres',
  }
  services['Postgres'] = {
    service: await startSqlOverHttp({ backend: postgresBackend(postgres.url()) }),
    // The host that a request names is not the one that is asked.
    url: postgres.url().replace('127.0.0.1', 'db.local'),
  }
})

afterAll(async () => {
  for (const { service } of Object.values(services)) await service.close()
  await Promise.all([postgres?.close(), pglite?.close()])
})

describe.each(['PGlite', 'Postgres'])('SQL over HTTP in front of %s', (name) => {
  const use = () => {
    const chosen = services[name]
    if (!chosen) throw new Error(name)
    return { ...chosen, sql: driver(chosen.service, chosen.url) }
  }

  it('answers values of every kind as the driver of the real service makes them', async () => {
    const { sql } = use()
    const { rows, fields, command, rowCount } = await sql.query(
      `select $1::int8 as big, 7::int4 as small, true as yes, null::text as nothing, '{"a":[1]}'::jsonb as document,
         array['x','y z',null] as list, 1.5::float8 as half, '2026-01-02 03:04:05Z'::timestamptz as at, 'é'::text as text`,
      ['9007199254740993'],
    )
    expect(rows).toEqual([
      {
        big: '9007199254740993',
        small: 7,
        yes: true,
        nothing: null,
        document: { a: [1] },
        list: ['x', 'y z', null],
        half: 1.5,
        at: new Date('2026-01-02T03:04:05Z'),
        text: 'é',
      },
    ])
    expect({ command, rowCount }).toEqual({ command: 'SELECT', rowCount: 1 })
    expect(fields.slice(0, 2).map(({ name, dataTypeID }) => [name, dataTypeID])).toEqual([
      ['big', 20],
      ['small', 23],
    ])
  })

  it('takes parameters of every JSON kind as text', async () => {
    const { sql } = use()
    const { rows } = await sql.query(
      'select $1::int[] a, $2::jsonb b, $3::bool c, $4::text d, $5::text[] e',
      [[1, null, 3], { x: 1 }, true, null, ['a"b', 'c,d']],
    )
    expect(rows).toEqual([{ a: [1, null, 3], b: { x: 1 }, c: true, d: null, e: ['a"b', 'c,d'] }])
  })

  it('tells where a column comes from and leaves the count out of commands that have none', async () => {
    const { service, url } = use()
    const headers = {
      'neon-connection-string': url,
      'neon-raw-text-output': 'true',
      'neon-array-mode': 'true',
    }
    const answer = await post(
      service,
      JSON.stringify({ query: 'select oid, relname from pg_class limit 1' }),
      headers,
    )
    const body = (await answer.json()) as Record<string, unknown>
    expect(Object.keys(body)).toEqual(['rowAsArray', 'fields', 'rows', 'command', 'rowCount'])
    expect(body).toMatchObject({
      rowAsArray: true,
      rows: [[expect.stringMatching(/^\d+$/), expect.any(String)]],
      fields: [
        {
          name: 'oid',
          dataTypeID: 26,
          tableID: 1259,
          columnID: 1,
          dataTypeSize: 4,
          dataTypeModifier: -1,
          format: 'text',
        },
        {
          name: 'relname',
          dataTypeID: 19,
          tableID: 1259,
          columnID: 2,
          dataTypeSize: 64,
          dataTypeModifier: -1,
          format: 'text',
        },
      ],
    })
    const created = await post(
      service,
      JSON.stringify({ query: 'create temporary table t (a int)' }),
      headers,
    )
    expect(await created.json()).toMatchObject({ command: 'CREATE', rowCount: null, rows: [], fields: [] })
    const empty = await post(service, JSON.stringify({ query: '' }), headers)
    expect(await empty.json()).toMatchObject({ command: '', rowCount: null, rows: [] })
  })

  it('parses the values itself for a caller who does not ask for raw text', async () => {
    const { service, url } = use()
    const query = `select 1::int8 big, 2::int4 small, false no, '{"a":1}'::json doc, array[1,null]::int4[] list, 'NaN'::float8 nan`
    const answer = await post(service, JSON.stringify({ query }), { 'neon-connection-string': url })
    expect(await answer.json()).toMatchObject({
      rowAsArray: false,
      rows: [{ big: '1', small: 2, no: false, doc: { a: 1 }, list: [1, null], nan: 'NaN' }],
    })
  })

  it('passes on the fields of an error: code, position, detail and routine', async () => {
    const { sql } = use()
    expect(await fault(sql.query('select nope from missing'))).toMatchObject({
      code: '42P01',
      position: '18',
      severity: 'ERROR',
      routine: 'parserOpenTable',
      message: 'relation "missing" does not exist',
    })
    expect(await fault(sql.query('select 1; select 2'))).toMatchObject({ code: '42601' })
  })

  it('answers an error with HTTP 400 and every field, null where there is nothing to say', async () => {
    const { service, url } = use()
    const answer = await post(service, '{"query":"select 1/0"}', { 'neon-connection-string': url })
    expect(answer.status).toBe(400)
    const body = (await answer.json()) as Record<string, unknown>
    expect(body).toMatchObject({ message: 'division by zero', code: '22012', detail: null, constraint: null })
    expect(Object.keys(body)).toHaveLength(17)
  })

  it('runs a batch in one transaction and rolls all of it back when a statement is refused', async () => {
    const { sql } = use()
    await sql.query('create table ledger (id int primary key)')
    await fault(
      sql.transaction([
        sql.query('insert into ledger values (1)'),
        sql.query('insert into ledger values (1)'),
      ]),
    )
    expect((await sql.query('select count(*)::int n from ledger')).rows).toEqual([{ n: 0 }])
    const answers = await sql.transaction([
      sql.query('insert into ledger values (1), (2)'),
      sql.query('select txid_current() = txid_current() as same, count(*)::int n from ledger'),
    ])
    expect(answers.map(({ rowCount }) => rowCount)).toEqual([2, 1])
    expect(answers[1]?.rows).toEqual([{ same: true, n: 2 }])
    await sql.query('drop table ledger')
  })

  it('obeys read only, isolation level and deferrable', async () => {
    const { sql } = use()
    const readOnly = sql.transaction([sql.query('create table forbidden (a int)')], { readOnly: true })
    expect(await fault(readOnly)).toMatchObject({ code: '25006' })
    const [modes] = await sql.transaction(
      [
        sql.query(
          `select current_setting('transaction_isolation') level, current_setting('transaction_read_only') read, current_setting('transaction_deferrable') deferrable`,
        ),
      ],
      { readOnly: true, isolationLevel: 'Serializable', deferrable: true },
    )
    expect(modes?.rows).toEqual([{ level: 'serializable', read: 'on', deferrable: 'on' }])
  })

  it('leaves nothing of one request to the next', async () => {
    const { sql } = use()
    await sql.query("set search_path to 'elsewhere'")
    await sql.query("set time zone 'Asia/Tokyo'")
    await sql.query('begin')
    await sql.query('create temporary table leftover (a int)')
    const { rows } = await sql.query(
      `select current_setting('search_path') path, current_setting('TimeZone') <> 'Asia/Tokyo' as own_zone,
         to_regclass('leftover') as leftover`,
    )
    expect(rows).toEqual([{ path: expect.stringContaining('public'), own_zone: true, leftover: null }])
  })

  it('keeps the transactions of simultaneous requests apart', async () => {
    const { sql } = use()
    await sql.query('create table counter (n int)')
    await sql.query('insert into counter values (0)')
    await Promise.all(
      Array.from({ length: 20 }, (_, index) => {
        const statements = [sql.query('update counter set n = n + 1')]
        if (index % 2) statements.push(sql.query('select 1/0'))
        return sql.transaction(statements).catch(() => {})
      }),
    )
    expect((await sql.query('select n from counter')).rows).toEqual([{ n: 10 }])
    await sql.query('drop table counter')
  })

  it('tells of a wrong password as the real service does: HTTP 400 with an empty code', async () => {
    const { service, url } = use()
    const wrong = new URL(url)
    wrong.password = 'guess'
    const user = decodeURIComponent(wrong.username)
    expect(await fault(driver(service, wrong.href).query('select 1'))).toMatchObject({
      message: `password authentication failed for user '${user}'`,
      code: '',
    })
  })

  it('answers HTTP 500 with the code of Postgres for a database that does not exist', async () => {
    const { service, url } = use()
    const error = await fault(driver(service, url.replace(/postgres$/, 'nowhere')).query('select 1'))
    expect(error.message).toMatch(
      /^Server error \(HTTP status 500\): .*database \\"nowhere\\" does not exist.*"3D000"/,
    )
  })

  it('survives clients that go away, queued or in the middle of their query', async () => {
    const { sql } = use()
    const leaving = Array.from({ length: 10 }, () => {
      const controller = new AbortController()
      setTimeout(() => controller.abort(), 5)
      return sql
        .query('select count(*) from generate_series(1, 20000)', [], {
          fetchOptions: { signal: controller.signal },
        })
        .catch(() => {})
    })
    await Promise.all(leaving)
    expect((await sql.query('select 1 as one')).rows).toEqual([{ one: 1 }])
  })

  it('answers 507 when the answer is larger than 10 MiB, and goes on', async () => {
    const { sql } = use()
    const error = await fault(sql.query(`select repeat('x', 1000000) from generate_series(1, 12)`))
    expect(error.message).toContain('HTTP status 507')
    expect(error.message).toContain('response is too large (max is 10485760 bytes)')
    expect((await sql.query('select 1 as one')).rows).toEqual([{ one: 1 }])
  })

  it.each([
    ['no connection string', '{"query":"select 1"}', {}, 400, 'invalid header: neon-connection-string'],
    ['no URL', '{}', { 'neon-connection-string': 'nonsense' }, 400, 'invalid connection string'],
    ['another scheme', '{}', { 'neon-connection-string': 'mysql://u:p@h/d' }, 400, 'incorrect scheme'],
    ['no database', '{}', { 'neon-connection-string': 'postgres://u:p@h/' }, 400, 'missing database name'],
    ['no user', '{}', { 'neon-connection-string': 'postgres://h/d' }, 400, 'missing username'],
    [
      'no password',
      '{}',
      { 'neon-connection-string': 'postgres://u@h/d' },
      400,
      'missing authentication credentials',
    ],
    ['a body that is not JSON', '{', { valid: 'yes' }, 400, 'could not parse the HTTP request body'],
    [
      'a body of another shape',
      '{"sql":"select 1"}',
      { valid: 'yes' },
      400,
      'could not parse the HTTP request body',
    ],
    [
      'an unknown isolation level',
      '{}',
      { valid: 'yes', 'neon-batch-isolation-level': 'constructor' },
      400,
      'invalid isolation level',
    ],
    [
      'a request of 11 MB',
      ' '.repeat(11e6),
      { valid: 'yes' },
      413,
      'request is too large (max is 10485760 bytes)',
    ],
  ])('refuses %s', async (_what, body, { valid, ...headers }: Record<string, string>, status, message) => {
    const { service, url } = use()
    const answer = await post(service, body, valid ? { 'neon-connection-string': url, ...headers } : headers)
    expect(answer.status).toBe(status)
    expect(await answer.json()).toMatchObject({ message: expect.stringContaining(message), code: '' })
  })

  it('refuses other paths and methods as the real service does, and answers the preflight', async () => {
    const { service } = use()
    const other = await fetch(service.url.replace('/sql', '/other'), { method: 'POST', body: '{}' })
    expect([other.status, await other.json()]).toEqual([400, 'query is not supported'])
    expect((await fetch(service.url)).status).toBe(400)
    expect((await fetch(service.url, { method: 'OPTIONS' })).headers.get('allow')).toBe('OPTIONS, POST')
  })
})

describe('SQL over HTTP in front of a Postgres that has a life of its own', () => {
  it('goes on after the server was stopped and started, and answers 500 in between', async () => {
    const { service, url } = services['Postgres'] ?? expect.unreachable()
    const sql = driver(service, url)
    await sql.query('select 1')
    await postgres.stop()
    // The first request is the one that finds out what became of the kept connection.
    await fault(sql.query('select 1'))
    const error = await fault(sql.query('select 1'))
    expect(error.message).toMatch(/^Server error \(HTTP status 500\): .*error connecting to server/)
    await postgres.start()
    expect((await sql.query('select 1 as one')).rows).toEqual([{ one: 1 }])
  })

  it('goes on after the database was dropped and made anew', async () => {
    const { service } = services['Postgres'] ?? expect.unreachable()
    const sql = driver(service, await postgres.createDatabase('phoenix'))
    await sql.query('create table old (a int)')
    await postgres.query('drop database phoenix with (force)')
    await postgres.createDatabase('phoenix')
    // It finds out what became of the kept connection, unless that was noticed before.
    await sql.query('select 1').catch(() => {})
    expect((await sql.query(`select to_regclass('old') as old`)).rows).toEqual([{ old: null }])
  })

  it('cancels the query in the server when the client goes away', async () => {
    const { service, url } = services['Postgres'] ?? expect.unreachable()
    const running = () =>
      postgres.query(
        `select 1 from pg_stat_activity where query like 'select pg_sleep(30)%' and state = 'active'`,
      )
    const controller = new AbortController()
    const left = driver(service, url)
      .query('select pg_sleep(30)', [], { fetchOptions: { signal: controller.signal } })
      .catch(() => {})
    await until('the query runs', async () => (await running()).length === 1)
    controller.abort()
    await left
    await until('the query is gone', async () => (await running()).length === 0)
  })

  const ours = (of: PostgresServer) =>
    of.query(
      `select pid, backend_start from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid()`,
    )

  const runningPids = async () => (await ours(postgres)).map(({ pid }) => pid)

  it('keeps a connection for the next request of the same login, and leaves nothing on it', async () => {
    const { service, url } = services['Postgres'] ?? expect.unreachable()
    const sql = driver(service, url)
    const set = await sql.query(
      `select pg_backend_pid() as pid, set_config('work_mem', '1MB', false), pg_advisory_lock(7)`,
    )
    const [first] = set.rows
    // A connection is kept as soon as it is reset. Where the next request is earlier, another one serves it and all that
    // follow: as many requests at the same time as connections are kept reach each of them.
    await until('the same connection', async () => {
      const answers = await Promise.all(
        Array.from({ length: 20 }, () =>
          sql.query(
            `select pg_backend_pid() as pid, current_setting('work_mem') as work_mem,
              (select count(*)::int from pg_locks where locktype = 'advisory' and pid = pg_backend_pid()) as locks
            from pg_sleep(0.1)`,
          ),
        ),
      )
      const rows = answers.flatMap((answer) => answer.rows).filter(({ pid }) => pid === first?.['pid'])
      if (rows.length === 0) return false
      expect(rows).toEqual([{ pid: first?.['pid'], work_mem: '4MB', locks: 0 }])
      return true
    })
  })

  it('keeps a connection after an error of the statement', async () => {
    const { service, url } = services['Postgres'] ?? expect.unreachable()
    const sql = driver(service, url)
    await sql.query('select 1')
    const before = await runningPids()
    expect(before).not.toEqual([])
    await fault(sql.query('select 1 / 0'))
    expect(await runningPids()).toEqual(expect.arrayContaining(before))
  })

  it('does not keep a password that was changed', async () => {
    const { service, url } = services['Postgres'] ?? expect.unreachable()
    await postgres.query(`create role guard login password 'before'`)
    const login = Object.assign(new URL(url), { username: 'guard', password: 'before' }).href
    const sql = driver(service, login)
    await sql.query('select 1')
    await postgres.query(`alter role guard password 'after'`)
    expect((await fault(sql.query('select 1'))).message).toContain('password authentication failed')
  })

  it('fails once with "connection closed" where the server ended a kept connection, and goes on', async () => {
    const { service, url } = services['Postgres'] ?? expect.unreachable()
    const sql = driver(service, url)
    const pids: number[] = []
    await until('a connection is kept', async () => {
      pids.push((await sql.query('select pg_backend_pid() as pid')).rows[0]?.['pid'])
      return pids.at(-1) === pids.at(-2)
    })
    for (const pid of await runningPids()) await postgres.query(`select pg_terminate_backend(${pid}, 5000)`)
    const error = await fault(sql.query('select 1'))
    expect(error).toMatchObject({
      message: expect.stringMatching(/connection closed|terminating connection/),
    })
    expect((await sql.query('select 1 as one')).rows).toEqual([{ one: 1 }])
  })

  it('gives every answer an id of its own, and ignores the parameters of the connection string', async () => {
    const { service, url } = services['Postgres'] ?? expect.unreachable()
    const headers = { 'neon-connection-string': `${url}?application_name=shop` }
    const body = JSON.stringify({ query: `select current_setting('application_name') as name`, params: [] })
    const answers = await Promise.all([post(service, body, headers), post(service, body, headers)])
    const ids = answers.map((answer) => answer.headers.get('neon-request-id'))
    expect(new Set(ids).size).toBe(2)
    for (const id of ids) expect(id).toMatch(/^[0-9a-f-]{36}$/)
    for (const answer of answers) expect(await answer.json()).toMatchObject({ rows: [{ name: '' }] })
  })

  it('keeps no connection for a user whose password it cannot look up', async () => {
    await postgres.query(`create role reader login password 'reader'`)
    const url = Object.assign(new URL(postgres.url()), { username: 'reader', password: 'reader' }).href
    const service = await startSqlOverHttp({ backend: postgresBackend(url) })
    const sql = driver(service, url)
    const pids = [
      (await sql.query('select pg_backend_pid() as pid')).rows[0]?.['pid'],
      (await sql.query('select pg_backend_pid() as pid')).rows[0]?.['pid'],
    ]
    expect(new Set(pids).size).toBe(2)
    await service.close()
  })

  it('leaves no connection behind when it is closed', async () => {
    const own = await startPostgres()
    const service = await startSqlOverHttp({ backend: postgresBackend(own.url()) })
    await driver(service, own.url()).query('select 1')
    await until('one is kept', async () => (await ours(own)).length > 0)
    await service.close()
    await until('all connections are closed', async () => (await ours(own)).length === 0)
    await own.close()
  })

  it('answers HTTP 500 with 53300 when every connection is taken', async () => {
    const crowded = await startPostgres({
      settings: { max_connections: '6', superuser_reserved_connections: '0', reserved_connections: '0' },
    })
    const service = await startSqlOverHttp({ backend: postgresBackend(crowded.url()) })
    // One of the six watches the others, and one belongs to the service, which reads the passwords of roles by it.
    const watcher = new pg.Client({ connectionString: crowded.url() })
    await watcher.connect()
    const others = async (where: string) => {
      const text = `select pid from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid() and query not like '%pg_authid%' ${where}`
      return (await watcher.query(text)).rows.length
    }
    const leaving = new AbortController()
    try {
      const sql = driver(service, crowded.url())
      await until('all others are free', async () => (await others('')) === 0)
      const sleepers = Array.from({ length: 4 }, () =>
        sql.query('select pg_sleep(600)', [], { fetchOptions: { signal: leaving.signal } }).catch(() => {}),
      )
      await until('all others are taken', async () => (await others(`and query like '%pg_sleep%'`)) === 4)
      const error = await fault(sql.query('select 1'))
      expect(error.message).toMatch(/^Server error \(HTTP status 500\): .*"code":"53300"/)
      leaving.abort()
      await Promise.all(sleepers)
      await until('all others are free again', async () => (await others('')) === 0)
      expect((await sql.query('select 1 as one')).rows).toEqual([{ one: 1 }])
    } finally {
      await watcher.end()
      await service.close()
      await crowded.close()
    }
  })

  it('cancels a query whose answer is too large once, however many rows are on their way', async () => {
    // Connections are counted between the service and Postgres.
    let connections = 0
    const counter = createServer((client) => {
      connections++
      const server = connect(postgres.port, '127.0.0.1')
      pipeline(client, server, client, () => {})
    }).listen(0, '127.0.0.1')
    await once(counter, 'listening')
    const { port } = counter.address() as AddressInfo
    const url = postgres.url().replace(`:${postgres.port}/`, `:${port}/`)
    const service = await startSqlOverHttp({ backend: postgresBackend(url) })
    try {
      const sql = driver(service, url)
      const error = await fault(sql.query(`select repeat('x', 1000) from generate_series(1, 40000)`))
      expect(error.message).toContain('response is too large')
      await sql.query('select 1')
      // The service's own, the query's, the one that cancels it, and the next query's, which comes after all others.
      expect(connections).toBe(4)
    } finally {
      await service.close()
      counter.close()
    }
  })
})
