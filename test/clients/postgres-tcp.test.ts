import { chmodSync, chownSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { databaseCheck } from '../../src/checks/database.ts'
import { PostgresError } from '../../src/clients/postgres.ts'
import { nodeTransports } from '../../src/platforms/node/transports.ts'
import { type PostgresServer, startPostgres } from '../servers/postgres.ts'
import { until } from '../servers/process.ts'
import { makeCertificate } from '../servers/tls.ts'
import { ask } from '../support/ask.ts'
import { inRun } from '../support/in-run.ts'

const { certificate, key } = makeCertificate()
let folder: string
let postgres: PostgresServer
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'health-tcp-'))
  chmodSync(folder, 0o755)
  writeFileSync(join(folder, 'certificate.pem'), certificate)
  writeFileSync(join(folder, 'key.pem'), key, { mode: 0o600 })
  // Where the tests run as root, Postgres runs as the user that every system has.
  if (process.getuid?.() === 0) chownSync(join(folder, 'key.pem'), 65534, 65534)
  postgres = await startPostgres({
    settings: {
      ssl: 'on',
      ssl_cert_file: join(folder, 'certificate.pem'),
      ssl_key_file: join(folder, 'key.pem'),
    },
  })
})
afterAll(async () => {
  await postgres?.close()
  rmSync(folder, { recursive: true, force: true })
})

const open = (url = postgres.url()) => {
  const postgresOf = nodeTransports.postgres?.(url)
  if (!postgresOf) throw new Error('Node has Postgres over TCP')
  return postgresOf
}
const check = (url?: string) => databaseCheck({ postgres: open(url) })
const sessions = async () => {
  const [row] = await postgres.query(
    "select count(*)::int as sessions from pg_stat_activity where application_name = 'edge-health-check'",
  )
  return row?.['sessions']
}
const noSession = () => until('no session is left', async () => (await sessions()) === 0)

describe('on a real Postgres', () => {
  it('passes, and shows the server version to who may see details', async () => {
    const result = await ask(check())
    expect(result).toMatchObject({ status: 'pass', code: 'ok', output: 'database ok' })
    expect(result.details).toEqual({ server_version: expect.stringMatching(/^17\./) })
  })

  it.each<[string, () => string, object]>([
    [
      'a wrong password',
      () => postgres.url().replace(postgres.password, 'hunter2'),
      { code: 'unauthorized', details: { sqlstate: '28P01' } },
    ],
    [
      'no password',
      () => postgres.url().replace(`:${postgres.password}`, ''),
      { code: 'unauthorized', output: 'database could not be asked: the credentials were refused' },
    ],
    [
      'a database that does not exist',
      () => postgres.url('nosuch'),
      { code: 'error', details: { sqlstate: '3D000' } },
    ],
    [
      'a port where nobody listens',
      () => postgres.url().replace(String(postgres.port), '1'),
      { code: 'unreachable', details: { reason: 'the connection failed (ECONNREFUSED)' } },
    ],
    [
      'a name that does not resolve',
      () => postgres.url().replace('127.0.0.1', 'nosuch.invalid'),
      { code: 'unreachable' },
    ],
    [
      'a certificate that nobody vouches for',
      () => `${postgres.url()}?sslmode=verify-full`,
      { code: 'unreachable', details: { hint: expect.stringContaining('sslrootcert') } },
    ],
  ])('tells %s apart, without a word of the driver', async (_, url, expected) => {
    const result = await ask(check(url()))
    expect(result).toMatchObject({ status: 'fail', ...expected })
    expect(JSON.stringify(result)).not.toContain(String(postgres.port))
    await noSession()
  })

  it.each(['prefer', 'require', 'verify-ca'])(
    'verifies with sslmode=%s, and the driver prints no warning',
    async (mode) => {
      const warn = vi.spyOn(process, 'emitWarning')
      expect(await ask(check(`${postgres.url()}?connect_timeout=9&sslmode=${mode}`))).toMatchObject({
        code: 'unreachable',
        details: { hint: expect.stringContaining('sslrootcert') },
      })
      expect(warn).not.toHaveBeenCalled()
      warn.mockRestore()
    },
  )

  it('leaves sslmode to who asks for the meaning of libpq', async () => {
    const url = `${postgres.url()}?uselibpqcompat=true&sslmode=require`
    expect(await ask(check(url))).toMatchObject({ status: 'pass' })
  })

  it('says quota_exceeded when no connection is left', async () => {
    await postgres.query("create role limited login connection limit 0 password 'x'")
    const limited = `postgres://limited:x@127.0.0.1:${postgres.port}/postgres`
    expect(await ask(check(limited))).toMatchObject({
      code: 'quota_exceeded',
      details: { sqlstate: '53300' },
    })
  })

  it('says unreachable while Postgres is stopped and timeout while it is frozen, and passes afterwards', async () => {
    const kept = check()
    await postgres.stop()
    expect(await ask(kept)).toMatchObject({ code: 'unreachable' })
    await postgres.start()
    expect(await ask(kept)).toMatchObject({ status: 'pass' })
    postgres.freeze()
    expect(await ask(kept, 600)).toMatchObject({ code: 'timeout' })
    postgres.thaw()
    expect(await ask(kept)).toMatchObject({ status: 'pass' })
    await noSession()
  })

  it.each([
    [
      'with TLS whose certificate is known',
      (root: string) => `?sslmode=verify-full&sslrootcert=${root}`,
      true,
    ],
    ['with TLS that is not verified', () => '?sslmode=no-verify', true],
    ['without TLS', () => '?sslmode=disable', false],
  ])('asks %s, as sslmode says', async (_, parameters, isEncrypted) => {
    const url = postgres.url().replace('127.0.0.1', 'localhost') + parameters(join(folder, 'certificate.pem'))
    const rows = await inRun((signal) =>
      open(url)(signal).query({ text: 'select ssl from pg_stat_ssl where pid = pg_backend_pid()' }),
    )
    expect(rows).toEqual([{ ssl: isEncrypted }])
  })
})

describe('a run', () => {
  it('asks all that it asks on one connection, which is gone after it', async () => {
    const pid = { text: 'select pg_backend_pid() as pid' }
    const pids = await inRun(async (signal) => {
      const client = open()(signal)
      const single = await Promise.all([client.query(pid), client.query(pid)])
      return [...single, ...(await client.readOnlyBatch([pid, pid]))].map(([row]) => row?.['pid'])
    })
    expect(pids).toEqual(Array(4).fill(pids[0]))
    await noSession()
  })

  it('reads in a transaction that may not write, and sees what was committed meanwhile', async () => {
    await postgres.query("alter database postgres set default_transaction_isolation = 'serializable'")
    const shown = ['transaction_read_only', 'transaction_isolation'].map((name) => ({ text: `show ${name}` }))
    const rows = await inRun((signal) => open()(signal).readOnlyBatch(shown))
    expect(rows).toEqual([[{ transaction_read_only: 'on' }], [{ transaction_isolation: 'read committed' }]])
    const writing = inRun((signal) => open()(signal).readOnlyBatch([{ text: 'create table written ()' }]))
    await expect(writing).rejects.toMatchObject({ code: 'error', sqlstate: '25006' })
    await postgres.query('alter database postgres reset default_transaction_isolation')
  })

  it('passes values, and answers the values that the HTTP driver answers', async () => {
    const text =
      'select $1::int + 1 as sum, $2::text as word, 9007199254740993::int8 as large, $3::json as json'
    const rows = await inRun((signal) =>
      open()(signal).query({ text, values: [1, "O'Hara", JSON.stringify({ a: 1 })] }),
    )
    expect(rows).toEqual([{ sum: 2, word: "O'Hara", large: '9007199254740993', json: { a: 1 } }])
  })

  it('asks once more on a new connection when its own was ended', async () => {
    await inRun(async (signal) => {
      const client = open()(signal)
      expect(await client.query({ text: 'select 1 as answer' })).toEqual([{ answer: 1 }])
      await postgres.query(
        "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'edge-health-check'",
      )
      expect(await client.query({ text: 'select 2 as answer' })).toEqual([{ answer: 2 }])
    })
    await noSession()
  })

  it('ends the connection when an answer is larger than what is read of any server', async () => {
    const text = "select repeat('x', 1000) as filler from generate_series(1, 5000)"
    const asking = inRun((signal) => open()(signal).query({ text }))
    await expect(asking).rejects.toMatchObject({ code: 'wrong_answer' })
    await noSession()
  })

  it('cuts off what is under way when its time is over', async () => {
    const controller = new AbortController()
    const asking = open()(controller.signal).query({ text: 'select pg_sleep(60)' })
    await until('the query runs', async () => (await sessions()) === 1)
    controller.abort()
    await expect(asking).rejects.toMatchObject({ code: 'timeout' })
    await postgres.query(
      'select pg_terminate_backend(pid) from pg_stat_activity where wait_event = $$PgSleep$$',
    )
  })
})

describe('a server that misbehaves', () => {
  let server: Server
  const sockets = new Set<Socket>()
  async function serve(answer: (socket: Socket) => void): Promise<string> {
    server = createServer((socket) => {
      sockets.add(socket)
      socket.on('error', () => {}).on('close', () => sockets.delete(socket))
      answer(socket)
      // A socket that is not read does not notice its end.
      socket.resume()
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const address = server.address()
    return `postgres://app:hunter2@127.0.0.1:${typeof address === 'object' ? address?.port : ''}/shop`
  }
  afterEach(async () => {
    for (const socket of sockets) socket.destroy()
    await new Promise((resolve) => server.close(resolve))
  })

  it('that accepts and says nothing is a timeout, and is hung up on', async () => {
    const url = await serve(() => {})
    expect(await ask(check(url), 300)).toMatchObject({ code: 'timeout' })
    await until('the connection is closed', () => sockets.size === 0)
  })

  it.each([
    ['hangs up', (socket: Socket) => void socket.end(), 'unreachable'],
    ['never stops talking', (socket: Socket) => flood(socket), 'wrong_answer'],
  ])('that %s is %s', async (_, answer, code) => {
    const url = await serve(answer)
    expect(await ask(check(url))).toMatchObject({ code })
    await until('the connection is closed', () => sockets.size === 0)
  })

  it('that does not speak TLS gets a sentence with what to do', async () => {
    const url = await serve((socket) => void socket.once('data', () => socket.write('N')))
    expect(await ask(check(`${url}?sslmode=verify-full`))).toMatchObject({
      code: 'unreachable',
      details: { hint: expect.stringContaining('sslmode=disable') },
    })
  })
})

/** One message whose length is a gigabyte, and as much of it as is taken. */
function flood(socket: Socket): void {
  socket.write(Buffer.from([0x44, 0x3f, 0xff, 0xff, 0xff]))
  const more = () => {
    while (!socket.destroyed && socket.write(Buffer.alloc(65_536))) {}
  }
  socket.on('drain', more)
  more()
}

it('a fault of a session is a PostgresError, so that the migrations check reads its SQLSTATE', async () => {
  const asking = inRun((signal) => open()(signal).query({ text: 'select 1/0' }))
  await expect(asking).rejects.toBeInstanceOf(PostgresError)
})
