import { type RedisConfigNodejs, Redis as UpstashRedis } from '@upstash/redis'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { embeddedRedisBackend } from '../../src/dev/embedded-redis.ts'
import type { HttpService } from '../../src/dev/http-service.ts'
import { redisBackend } from '../../src/dev/real-redis.ts'
import { startRedisRest } from '../../src/dev/redis-rest.ts'
import { until } from '../servers/process.ts'
import { type RedisServer, startRedis } from '../servers/redis.ts'

const token = 'planted-full-token'
const readOnlyToken = 'planted-reader-token'
const embedded = embeddedRedisBackend()
let server: RedisServer
const services: Record<string, HttpService> = {}

beforeAll(async () => {
  server = await startRedis({ requirepass: 'planted-redis-secret' })
  services['ioredis-mock'] = await startRedisRest({ backend: embedded, token, readOnlyToken })
  services['Redis'] = await startRedisRest({ backend: redisBackend(server.url), token, readOnlyToken })
})
afterAll(async () => {
  for (const service of Object.values(services)) await service.close()
  await Promise.all([embedded.close(), server?.close()])
})

/** The real driver, one request for each command. */
class Redis extends UpstashRedis {
  constructor(options: RedisConfigNodejs) {
    super({ ...options, enableAutoPipelining: false, enableTelemetry: false })
  }
}

const fault = (promise: Promise<unknown>) =>
  promise.then(
    () => expect.unreachable('the command was answered'),
    (error: Error) => error.message,
  )

describe.each(['ioredis-mock', 'Redis'])('Redis REST in front of %s', (name) => {
  const url = () => services[name]?.url ?? ''
  const driver = (options: { token?: string; responseEncoding?: false } = {}) =>
    new Redis({ url: url(), token, ...options })
  const raw = async (path: string, init: RequestInit = {}) => {
    const answer = await fetch(`${url()}${path}`, {
      ...init,
      headers: { authorization: `Bearer ${token}`, ...init.headers },
    })
    return [answer.status, await answer.json()] as const
  }
  const command = (...parts: unknown[]) => raw('/', { method: 'POST', body: JSON.stringify(parts) })

  it('keeps strings, lists, sets, hashes, sorted sets and expiries', async () => {
    const redis = driver()
    expect(await redis.set('greeting', 'grüße', { ex: 60 })).toBe('OK')
    expect(await redis.get('greeting')).toBe('grüße')
    expect(await redis.ttl('greeting')).toBe(60)
    expect(await redis.get('missing')).toBeNull()
    expect(await redis.rpush('list', 'a', 'b')).toBe(2)
    expect(await redis.lrange('list', 0, -1)).toEqual(['a', 'b'])
    expect(await redis.llen('list')).toBe(2)
    expect(await redis.sadd('set', 'x')).toBe(1)
    expect(await redis.smembers('set')).toEqual(['x'])
    expect(await redis.hset('hash', { field: 'value', other: '1' })).toBe(2)
    expect(await redis.hgetall('hash')).toEqual({ field: 'value', other: 1 })
    expect(await redis.zadd('scores', { score: 1.5, member: 'm' })).toBe(1)
    expect(await redis.zrange('scores', 0, -1, { withScores: true })).toEqual(['m', 1.5])
    expect(await redis.del('list', 'set')).toBe(2)
    expect(await redis.ping()).toBe('PONG')
  })

  it.each([
    [0, -1, 'grüße'],
    [0, 100, 'grüße'],
    [1, 3, 'rü'],
    [-1, -1, 'e'],
    [-100, 0, 'g'],
    [5, 2, ''],
    [100, 200, ''],
  ])('GETRANGE from %i to %i', async (start, end, expected) => {
    await command('SET', 'range', 'grüße')
    const [status, body] = await command('GETRANGE', 'range', start, end)
    expect(status).toBe(200)
    expect(body).toEqual({ result: expected })
    expect(await command('GETRANGE', 'nowhere', start, end)).toEqual([200, { result: '' }])
  })

  it('answers plain JSON, and base64 for every string but OK when asked', async () => {
    await command('SET', 'plain', 'é "quoted" \u0000')
    expect(await command('GET', 'plain')).toEqual([200, { result: 'é "quoted" \u0000' }])
    const base64 = { 'upstash-encoding': 'base64' }
    const encoded = (...parts: string[]) =>
      raw('/', { method: 'POST', body: JSON.stringify(parts), headers: base64 })
    expect(await encoded('GET', 'plain')).toEqual([
      200,
      { result: Buffer.from('é "quoted" \u0000').toString('base64') },
    ])
    expect(await encoded('SET', 'plain', 'x')).toEqual([200, { result: 'OK' }])
    expect(await encoded('DEL', 'plain')).toEqual([200, { result: 1 }])
    expect(await encoded('GET', 'plain')).toEqual([200, { result: null }])
    await command('RPUSH', 'many', 'a', 'OK')
    expect(await encoded('LRANGE', 'many', '0', '-1')).toEqual([200, { result: ['YQ==', 'OK'] }])
  })

  it('runs a pipeline in order; one bad command fills its own slot with HTTP 200', async () => {
    const body = JSON.stringify([
      ['SET', 'p', '1'],
      ['NOPE', 'x'],
      ['GET'],
      ['BLPOP', 'p', '0'],
      ['INCR', 'p'],
    ])
    const [status, slots] = await raw('/pipeline', { method: 'POST', body })
    expect(status).toBe(200)
    expect(slots).toEqual([
      { result: 'OK' },
      { error: expect.stringMatching(/^ERR unknown command 'NOPE'/) },
      { error: "ERR wrong number of arguments for 'get' command" },
      { error: expect.stringMatching(/^ERR Command is not available: 'BLPOP'/) },
      { result: 2 },
    ])
    const redis = driver()
    expect(await redis.pipeline().set('q', 'v').get('q').publish('nobody', { a: 1 }).exec()).toEqual([
      'OK',
      'v',
      0,
    ])
  })

  it('runs a transaction, and none of it when a command of it is malformed', async () => {
    const redis = driver()
    expect(await redis.multi().set('m', 1).incr('m').get('m').exec()).toEqual(['OK', 2, 2])
    const body = JSON.stringify([['SET', 'm', '9'], ['NOPE']])
    expect(await raw('/multi-exec', { method: 'POST', body })).toEqual([
      400,
      { error: expect.stringMatching(/^EXECABORT Transaction discarded/) },
    ])
    expect(await redis.get('m')).toBe(2)
  })

  it('runs Lua that publishes and reads keys', async () => {
    const redis = driver()
    await redis.set('key', 'value')
    const script =
      "return {redis.call('PUBLISH', ARGV[1], ARGV[2]), redis.call('GET', KEYS[1]), redis.call('GET', 'missing')}"
    expect(await redis.eval(script, ['key'], ['channel', 'message'])).toEqual([0, 'value', null])
    expect(await fault(redis.eval('this is not Lua', [], []))).toMatch(/^ERR Error/)
  })

  it('words a refused command as the real service does', async () => {
    expect(await command('GET')).toEqual([400, { error: "ERR wrong number of arguments for 'get' command" }])
    expect(await fault(driver().eval('x', [], []))).toMatch(/, command was: \["eval","x",0\]$/)
    await command('SET', 'word', 'text')
    expect(await command('INCR', 'word')).toEqual([
      400,
      { error: 'ERR value is not an integer or out of range' },
    ])
    for (const name of ['SUBSCRIBE', 'MONITOR', 'SELECT', 'CLIENT', 'MULTI', 'BRPOP', 'shutdown']) {
      expect(await command(name, 'x')).toEqual([
        400,
        { error: expect.stringMatching(`^ERR Command is not available: '${name.toUpperCase()}'`) },
      ])
    }
  })

  it('refuses a wrong, missing or half token with 401', async () => {
    const refused = [401, { error: 'WRONGPASS invalid or missing auth token' }]
    const body = '["PING"]'
    for (const authorization of [
      '',
      'Bearer wrong',
      'Bearer ',
      `Basic ${token}`,
      `Bearer ${token.slice(0, -1)}`,
    ]) {
      expect(await raw('/', { method: 'POST', body, headers: { authorization } })).toEqual(refused)
      expect(await raw('/pipeline', { method: 'POST', body, headers: { authorization } })).toEqual(refused)
    }
    expect(await fault(driver({ token: 'wrong' }).get('x'))).toMatch(
      /^WRONGPASS invalid or missing auth token/,
    )
  })

  it('lets the read-only token read, and neither write, publish nor run scripts', async () => {
    await command('SET', 'seen', 'yes')
    const reader = driver({ token: readOnlyToken })
    expect(await reader.get('seen')).toBe('yes')
    expect(await reader.ping()).toBe('PONG')
    expect(await reader.exists('seen')).toBe(1)
    expect(await fault(reader.set('seen', 'no'))).toMatch(
      /^NOPERM this user has no permissions to run the 'set' command/,
    )
    expect(await fault(reader.publish('c', 'm'))).toMatch(/^NOPERM/)
    expect(await fault(reader.eval('return 1', [], []))).toMatch(/^NOPERM/)
    expect(await fault(reader.multi().get('seen').del('seen').exec())).toMatch(/^NOPERM/)
    expect(await reader.get('seen')).toBe('yes')
  })

  it('takes the command as a path, with a body and options in the query string', async () => {
    expect(await raw('/set/path%2Fkey/a%20b?EX=100')).toEqual([200, { result: 'OK' }])
    expect(await raw('/get/path%2Fkey')).toEqual([200, { result: 'a b' }])
    expect(await raw('/ttl/path%2Fkey')).toEqual([200, { result: 100 }])
    await raw('/set/body', { method: 'POST', body: 'from the body' })
    expect(await raw('/get/body')).toEqual([200, { result: 'from the body' }])
    expect(await raw(`/get/body?_token=${token}`, { headers: { authorization: '' } })).toEqual([
      200,
      { result: 'from the body' },
    ])
  })

  it.each([
    ['no JSON', '/', 'GET x', 'ERR failed to parse command'],
    ['an object', '/', '{"a":1}', 'ERR failed to parse command'],
    ['nothing', '/', '', 'ERR failed to parse command'],
    ['an empty list', '/', '[]', 'ERR empty command'],
    ['a nested command', '/', '[["GET","x"]]', 'ERR failed to parse command'],
    ['a method that is not a command', '/', '["disconnect"]', "ERR unknown command 'disconnect'"],
    ['a property of every object', '/', '["constructor"]', "ERR unknown command 'constructor'"],
    ['a flat pipeline', '/pipeline', '["GET","x"]', 'ERR failed to parse pipeline request'],
    ['an empty pipeline', '/pipeline', '[]', 'ERR empty pipeline request'],
    ['a bad path', '/get/%E0%A4%A', '', 'ERR failed to parse command'],
  ])('answers 400 to %s', async (_what, path, body, error) => {
    expect(await raw(path, { method: 'POST', body })).toEqual([
      400,
      { error: expect.stringContaining(error) },
    ])
  })

  it('answers 405 to other methods and 413 to a request that is too large', async () => {
    expect((await raw('/', { method: 'DELETE' }))[0]).toBe(405)
    expect(
      (await raw('/', { method: 'POST', body: JSON.stringify(['SET', 'k', 'x'.repeat(11e6)]) }))[0],
    ).toBe(413)
    expect(await command('PING')).toEqual([200, { result: 'PONG' }])
  })
})

describe('Redis REST in front of ioredis-mock', () => {
  it.each([
    ['VCARD', 'key'],
    ['MSETEX', '1', 'key', 'value'],
  ] as const)('says that it does not have %s', async (...command) => {
    const redis = new Redis({ url: services['ioredis-mock']?.url ?? '', token })
    expect(await fault(redis.exec([...command]))).toContain(
      'the embedded Redis does not have this command; set REDIS_URL to use a real one',
    )
  })

  it('shares its data and channels with clients of the same process, and with no other embedded Redis', async () => {
    const url = services['ioredis-mock']?.url ?? ''
    const redis = new Redis({ url, token })
    const subscriber = embedded.client()
    const heard: string[][] = []
    await subscriber.psubscribe('/*')
    subscriber.on('pmessage', (...message: string[]) => heard.push(message))
    const script =
      "redis.call('SADD', KEYS[1], 'x') return redis.call('PUBLISH', '/0.celery.pidbox', ARGV[1])"
    expect(await redis.eval(script, ['bindings'], ['hello'])).toBe(1)
    await until('the message arrives', () => heard.length === 1)
    expect(heard).toEqual([['/*', '/0.celery.pidbox', 'hello']])
    const worker = embedded.client()
    expect(await worker.smembers('bindings')).toEqual(['x'])
    await worker.lpush('reply', '{"ok":"pong"}')
    expect(await redis.lrange('reply', 0, -1)).toEqual([{ ok: 'pong' }])
    const other = embeddedRedisBackend()
    expect(await other.client().keys('*')).toEqual([])
    await other.close()
  })
})

describe('Redis REST in front of a Redis that has a life of its own', () => {
  const redis = () => new Redis({ url: services['Redis']?.url ?? '', token })

  it('goes on after Redis was stopped and started, and answers 500 in between', async () => {
    await server.stop()
    expect(await fault(redis().get('x'))).toMatch(/^ERR the database cannot be reached/)
    await server.start()
    expect(await redis().set('x', 'y')).toBe('OK')
  })

  it('is binary safe', async () => {
    const bytes = Buffer.from([0, 255, 128, 10])
    await redis().eval("redis.call('SET', KEYS[1], string.char(0, 255, 128, 10)) return 1", ['bytes'], [])
    const answer = await fetch(`${services['Redis']?.url}/get/bytes`, {
      headers: { authorization: `Bearer ${token}`, 'upstash-encoding': 'base64' },
    })
    expect(await answer.json()).toEqual({ result: bytes.toString('base64') })
  })

  it('keeps the errors of a transaction in their slots', async () => {
    await redis().set('text', 'abc')
    const answer = await fetch(`${services['Redis']?.url}/multi-exec`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}` },
      body: JSON.stringify([
        ['INCR', 'text'],
        ['GET', 'text'],
      ]),
    })
    expect(await answer.json()).toEqual([
      { error: 'ERR value is not an integer or out of range' },
      { result: 'abc' },
    ])
  })

  it('passes on the refusal of a wrong password', async () => {
    const wrong = await startRedisRest({ backend: redisBackend(server.url.replace('planted-', '')), token })
    const answer = new Redis({ url: wrong.url, token }).get('x')
    expect(await fault(answer)).toMatch(/^(WRONGPASS|NOAUTH)/)
    await wrong.close()
  })

  it('leaves no connection behind, not even of a client that went away', async () => {
    server.freeze()
    const controller = new AbortController()
    const left = new Redis({
      url: services['Redis']?.url ?? '',
      token,
      retry: false,
      signal: controller.signal,
    })
    const asked = left.get('x').catch(() => {})
    setTimeout(() => controller.abort(), 100)
    await asked
    server.thaw()
    await until('only the asking connection is left', async () => {
      const clients = String(await server.command('CLIENT', 'LIST'))
      return clients.trim().split('\n').length === 1
    })
  })
})
