import { createServer } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { databaseCheck } from '../../src/checks/database.ts'
import { postgresOverHttp } from '../../src/clients/postgres.ts'
import type { HttpService } from '../../src/dev/http-service.ts'
import { postgresBackend } from '../../src/dev/postgres-backend.ts'
import { startSqlOverHttp } from '../../src/dev/sql-over-http.ts'
import { type PostgresServer, startPostgres } from '../servers/postgres.ts'
import { freePort } from '../servers/process.ts'
import { ask } from '../support/ask.ts'
import { answering, serve } from '../support/http.ts'

let postgres: PostgresServer
let service: HttpService
beforeAll(async () => {
  postgres = await startPostgres()
  service = await startSqlOverHttp({ backend: postgresBackend(postgres.url()) })
})
afterAll(async () => {
  await service?.close()
  await postgres?.close()
})

const url = 'postgres://app:hunter2@127.0.0.1:5432/shop'
const checkOf = (endpoint: string, connection = url) =>
  databaseCheck({ postgres: postgresOverHttp({ url: connection, endpoint }) })
const real = (connection = postgres.url()) => checkOf(service.url, connection)

describe('on a real Postgres', () => {
  it('passes, and shows the server version to who may see details', async () => {
    const result = await ask(real())
    expect(result).toMatchObject({ status: 'pass', code: 'ok', output: 'database ok' })
    expect(result.details).toEqual({ server_version: expect.stringMatching(/^17\./) })
    expect(result.responseTime).toBeGreaterThan(0)
  })

  it('says unauthorized for a wrong password', async () => {
    const result = await ask(real(postgres.url().replace(postgres.password, 'hunter2')))
    expect(result).toMatchObject({
      status: 'fail',
      code: 'unauthorized',
      output: 'database could not be asked: the credentials were refused',
    })
  })

  it('says error for a database that does not exist, with its SQLSTATE', async () => {
    expect(await ask(real(postgres.url('nosuch')))).toMatchObject({
      code: 'error',
      details: { sqlstate: '3D000' },
    })
  })

  it('says quota_exceeded when no connection is left', async () => {
    await postgres.query("create role limited login connection limit 0 password 'x'")
    const limited = `postgres://limited:x@127.0.0.1:${postgres.port}/postgres`
    expect(await ask(real(limited))).toMatchObject({ code: 'quota_exceeded', details: { sqlstate: '53300' } })
  })

  it('says unreachable while Postgres is stopped and timeout while it is frozen, and passes afterwards', async () => {
    await postgres.stop()
    expect(await ask(real())).toMatchObject({ code: 'unreachable' })
    await postgres.start()
    expect(await ask(real())).toMatchObject({ status: 'pass' })
    postgres.freeze()
    expect(await ask(real(), 600)).toMatchObject({ code: 'timeout' })
    postgres.thaw()
    expect(await ask(real())).toMatchObject({ status: 'pass' })
  })
})

const fields = [
  { name: 'answer', dataTypeID: 23 },
  { name: 'server_version', dataTypeID: 25 },
]
const rows = (answer: string | null) =>
  JSON.stringify({ fields, rows: [[answer, '17.1']], command: 'SELECT', rowCount: 1 })

describe('on an endpoint that misbehaves', () => {
  it.each<[string, number, string, string]>([
    ['another value', 200, rows('2'), 'wrong_answer'],
    ['no value', 200, rows(null), 'wrong_answer'],
    ['no row', 200, JSON.stringify({ fields, rows: [], command: 'SELECT', rowCount: 0 }), 'wrong_answer'],
    ['HTML with HTTP 200', 200, '<html>Welcome</html>', 'wrong_answer'],
    ['JSON of something else', 200, '{"ok":true}', 'wrong_answer'],
    ['nothing', 200, '', 'wrong_answer'],
    ['20 MB', 200, `{"fields":"${'x'.repeat(20_000_000)}`, 'wrong_answer'],
    ['HTML with HTTP 502', 502, '<html>Bad gateway</html>', 'unreachable'],
    ['HTTP 429', 429, 'slow down', 'quota_exceeded'],
    ['HTTP 401', 401, '{"message":"no"}', 'unauthorized'],
    [
      'a quota in words',
      500,
      JSON.stringify({ message: 'Your account or project has exceeded the compute time quota.', code: '' }),
      'quota_exceeded',
    ],
  ])('that answers %s, says so', async (_, status, body, code) => {
    expect(await ask(checkOf(await answering(status, body)))).toMatchObject({ status: 'fail', code })
  })

  it('does not follow a redirect, which would take the connection string along', async () => {
    let followed = false
    const target = await serve((_, response) => {
      followed = true
      response.end(rows('1'))
    })
    expect(await ask(checkOf(await answering(307, '', { location: target })))).toMatchObject({
      code: 'wrong_answer',
    })
    expect(followed).toBe(false)
  })

  it('says unreachable when nobody listens, or the name does not resolve', async () => {
    expect(await ask(checkOf(`http://127.0.0.1:${await freePort()}/sql`))).toMatchObject({
      code: 'unreachable',
    })
    expect(await ask(checkOf('http://database.invalid/sql'))).toMatchObject({ code: 'unreachable' })
  })

  it('says unreachable when the answer is cut off in the middle', async () => {
    const endpoint = await serve((_, response) => {
      response.writeHead(200, { 'content-length': '1000' }).write('{"fields":')
      setTimeout(() => response.destroy(), 20)
    })
    expect(await ask(checkOf(endpoint))).toMatchObject({ code: 'unreachable' })
  })

  it.each<[string, (write: (text: string) => void) => void]>([
    ['never answers', () => {}],
    ['sends its headers and no body', (write) => write('HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n')],
    [
      'sends one byte at a time',
      (write) => {
        write('HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n')
        for (let i = 1; i < 30; i += 1) setTimeout(() => write('x'), i * 50)
      },
    ],
  ])('says timeout when it accepts and %s, and hangs up', async (_, behave) => {
    const sockets: import('node:net').Socket[] = []
    const server = createServer((socket) => {
      sockets.push(socket)
      socket.on('error', () => {})
      socket.once('data', () => behave((text) => socket.writable && socket.write(text)))
    })
    const port = await freePort()
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
    const closed = new Promise((resolve) =>
      server.once('connection', (socket) => socket.once('close', resolve)),
    )
    expect(await ask(checkOf(`http://127.0.0.1:${port}/sql`), 400)).toMatchObject({ code: 'timeout' })
    await closed
    server.close()
  })
})

describe('on a compute that is waking up', () => {
  const sleeping = (message: string, code: string, wakesAfter: number, status = 400) => {
    let requests = 0
    const endpoint = serve((_, response) => {
      requests += 1
      if (requests > wakesAfter) return response.end(rows('1'))
      return response.writeHead(status).end(JSON.stringify({ message, code }))
    })
    return { endpoint, requests: () => requests }
  }

  it.each([
    ['the database system is starting up', '57P03', 400],
    ['could not connect to postgres in compute', '', 500],
  ])('asks once more after %j', async (message, code, status) => {
    const { endpoint, requests } = sleeping(message, code, 1, status)
    expect(await ask(checkOf(await endpoint))).toMatchObject({ status: 'pass' })
    expect(requests()).toBe(2)
  })

  it('asks no third time', async () => {
    const { endpoint, requests } = sleeping('the database system is starting up', '57P03', 9)
    expect(await ask(checkOf(await endpoint))).toMatchObject({ code: 'unreachable' })
    expect(requests()).toBe(2)
  })

  it('asks once only where another answer cannot be hoped for', async () => {
    const { endpoint, requests } = sleeping('password authentication failed', '28P01', 1)
    expect(await ask(checkOf(await endpoint))).toMatchObject({ code: 'unauthorized' })
    expect(requests()).toBe(1)
  })
})

it('shows nothing of the driver, the host or the user in its output', async () => {
  for (const [status, body] of [
    [400, JSON.stringify({ message: "password authentication failed for user 'app'", code: '' })],
    [500, 'hunter2'],
    [200, 'hunter2'],
  ] as const) {
    const { output } = await ask(checkOf(await answering(status, body)))
    expect(output).toMatch(/^database [a-z: ]+$/)
  }
})
