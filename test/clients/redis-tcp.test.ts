import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { redisCheck } from '../../src/checks/redis.ts'
import { ConnectionClosed } from '../../src/clients/connection-closed.ts'
import { RedisError } from '../../src/clients/redis.ts'
import { nodeTransports } from '../../src/platforms/node/transports.ts'
import { runBin } from '../cli/run-bin.ts'
import { until } from '../servers/process.ts'
import { type RedisServer, startRedis } from '../servers/redis.ts'
import { makeCertificate, startTlsFront, type TlsFront } from '../servers/tls.ts'
import { ask } from '../support/ask.ts'
import { inRun } from '../support/in-run.ts'
import { unhurried } from '../support/unhurried.ts'

const certificate = makeCertificate()
let redis: RedisServer
let front: TlsFront
beforeAll(async () => {
  redis = await startRedis({ maxmemory: '3mb' })
  await redis.command('ACL', 'SETUSER', 'known', 'on', '>x', '~*', '+get')
  front = await startTlsFront(redis.url.replace('redis:', 'http:'), certificate)
})
beforeEach(() => redis.command('FLUSHALL'))
afterAll(async () => {
  await front?.close()
  await redis?.close()
})

const open = (url = redis.url) => {
  const redisOf = nodeTransports.redis?.(url)
  if (!redisOf) throw new Error('Node has Redis over TCP')
  return redisOf
}
const check = (url?: string, write = false) => redisCheck({ redis: open(url), write })
const userUrl = (name: string, password: string) =>
  Object.assign(new URL(redis.url), { username: name, password }).href
/** How many are connected beside the one who asks. */
const others = async () =>
  String(await redis.command('CLIENT', 'LIST'))
    .trim()
    .split('\n').length - 1
const nobodyElse = async (before: number) =>
  until('no connection is left', async () => (await others()) <= before)

describe('on a real Redis', () => {
  it.each([false, true])('passes, also where it writes (%s), and leaves no connection', async (write) => {
    const before = await others()
    expect(await ask(check(redis.url, write))).toMatchObject({
      status: 'pass',
      code: 'ok',
      output: 'redis ok',
    })
    await nobodyElse(before)
  })

  it('asks over TLS where the certificate is one that Node accepts', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'edge-health-tls-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    const file = join(folder, 'certificate.pem')
    writeFileSync(file, certificate.certificate)
    const url = front.url.replace('https:', 'rediss:')
    const env = { REDIS_URL: url, NODE_EXTRA_CA_CERTS: file, ...unhurried }
    const { exitCode, stdout } = await runBin(['check', '--check', 'redis'], { cwd: folder, env })
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: expect.stringContaining('redis ok') })
  })

  it('sends nothing but the command of the check, so a user needs no other right', async () => {
    await redis.command('ACL', 'SETUSER', 'reader', 'reset', 'on', '>x', '~edge-health:probe', '+get')
    const result = await ask(check(userUrl('reader', 'x')))
    expect(result).toMatchObject({ status: 'pass' })
    expect(result).not.toHaveProperty('details')
  })

  it.each<[string, () => string, object]>([
    ['a wrong password', () => userUrl('known', 'hunter2'), { code: 'unauthorized' }],
    [
      'a user that is not there',
      () => userUrl('nobody', 'x'),
      { code: 'unauthorized', details: { reply: 'WRONGPASS' } },
    ],
    [
      'a port where nobody listens',
      () => 'redis://127.0.0.1:1',
      { code: 'unreachable', details: { reason: 'the connection failed (ECONNREFUSED)' } },
    ],
    ['a name that does not resolve', () => 'redis://nosuch.invalid', { code: 'unreachable' }],
    [
      'a certificate that nobody vouches for',
      () => front.url.replace('https:', 'rediss:'),
      { code: 'unreachable', details: { reason: 'the connection failed (DEPTH_ZERO_SELF_SIGNED_CERT)' } },
    ],
  ])('tells %s apart, without a word of the driver', async (_, url, expected) => {
    const result = await ask(check(url()))
    expect(result).toMatchObject({ status: 'fail', ...expected })
    expect(JSON.stringify(result)).not.toMatch(/127\.0\.0\.1|hunter2|nosuch/)
  })

  it('says error, with the reply, for what Redis refuses, and goes on', async () => {
    await redis.command('SADD', 'set', 'x')
    await inRun(async (signal) => {
      const client = open()(signal)
      await expect(client.get('set')).rejects.toMatchObject({ code: 'error', reply: 'WRONGTYPE' })
      await expect(client.get('set')).rejects.toBeInstanceOf(RedisError)
      expect(await client.get('none')).toBeNull()
    })
  })

  it('says quota_exceeded when no connection is left', async () => {
    const [, before] = (await redis.command('CONFIG', 'GET', 'maxclients')) as string[]
    await redis.command('CONFIG', 'SET', 'maxclients', '1')
    const result = await ask(check())
    await redis.command('CONFIG', 'SET', 'maxclients', before ?? '10000')
    expect(['quota_exceeded', 'unreachable']).toContain(result.code)
  })

  it('says unreachable while Redis is stopped and timeout while it is frozen, and passes afterwards', async () => {
    const kept = check()
    await redis.stop()
    expect(await ask(kept)).toMatchObject({ code: 'unreachable' })
    await redis.start()
    expect(await ask(kept)).toMatchObject({ status: 'pass' })
    redis.freeze()
    expect(await ask(kept, 600)).toMatchObject({ code: 'timeout' })
    redis.thaw()
    expect(await ask(kept)).toMatchObject({ status: 'pass' })
  })
})

describe('the commands of a run', () => {
  it('are those of the REST client, with the same replies', async () => {
    await inRun(async (signal) => {
      const client = open()(signal)
      expect(await client.set('key', 'first', { px: 60_000, nx: true })).toBe('OK')
      expect(await client.set('key', 'second', { px: 60_000, nx: true })).toBeNull()
      expect(await client.set('key', 'third', { ex: 60, get: true })).toBe('first')
      expect(await client.get('key')).toBe('third')
      const script = "return {KEYS[1], ARGV[1], 7, redis.call('GET', KEYS[1])}"
      expect(await client.eval(script, ['key'], ['word'])).toEqual(['key', 'word', 7, 'third'])
      expect(await client.del('key', 'none')).toBe(1)
    })
  })

  it('go on over one connection, and over another one when it was closed', async () => {
    await inRun(async (signal) => {
      const client = open()(signal)
      const id = "return redis.call('INCR', 'asked')"
      expect(await client.eval(id, [], [])).toBe(1)
      await redis.command('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes')
      expect(await client.eval(id, [], [])).toBe(2)
    })
  })

  it('end when an answer is larger than what is read of any server', async () => {
    const asking = inRun((signal) => open()(signal).eval("return string.rep('x', 2000000)", [], []))
    await expect(asking).rejects.toMatchObject({ code: 'wrong_answer' })
  })
})

describe('a server that misbehaves', () => {
  let server: Server
  let connections = 0
  const sockets = new Set<Socket>()
  async function serve(answer: (socket: Socket) => void): Promise<string> {
    connections = 0
    server = createServer((socket) => {
      connections += 1
      sockets.add(socket)
      socket.on('error', () => {}).on('close', () => sockets.delete(socket))
      answer(socket)
      // A socket that is not read does not notice its end.
      socket.resume()
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const address = server.address()
    return `redis://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`
  }
  afterEach(async () => {
    for (const socket of sockets) socket.destroy()
    await new Promise((resolve) => server.close(resolve))
  })
  const allClosed = () => until('the connections are closed', () => sockets.size === 0)

  it('that accepts and says nothing is a timeout, and is hung up on', async () => {
    const url = await serve(() => {})
    expect(await ask(check(url), 300)).toMatchObject({ code: 'timeout' })
    await allClosed()
  })

  it.each([
    [true, 2],
    [false, 1],
  ])('that hangs up unanswered is asked again where that may be (%s)', async (retry, times) => {
    const url = await serve((socket) => void socket.once('data', () => socket.end()))
    const asking = inRun((signal) => open(url)(signal, { retry }).get('key'))
    await expect(asking).rejects.toBeInstanceOf(ConnectionClosed)
    expect(connections).toBe(times)
    await allClosed()
  })

  it('that speaks another protocol cannot be asked', async () => {
    const url = await serve(
      (socket) => void socket.once('data', () => socket.write('HTTP/1.1 400 Bad Request\r\n')),
    )
    expect(await ask(check(url), 1000)).toMatchObject({ status: 'fail' })
    await allClosed()
  })
})
