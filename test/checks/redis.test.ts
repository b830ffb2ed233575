import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { redisCheck } from '../../src/checks/redis.ts'
import { redisOverRest } from '../../src/clients/redis.ts'
import type { HttpService } from '../../src/dev/http-service.ts'
import { redisBackend } from '../../src/dev/real-redis.ts'
import { startRedisRest } from '../../src/dev/redis-rest.ts'
import { freePort } from '../servers/process.ts'
import { type RedisServer, startRedis } from '../servers/redis.ts'
import { ask } from '../support/ask.ts'
import { answering, serve } from '../support/http.ts'

const token = 'redis-token'
const readOnlyToken = 'redis-read-only-token'
let redis: RedisServer
let service: HttpService
beforeAll(async () => {
  redis = await startRedis({ maxmemory: '3mb' })
  service = await startRedisRest({ backend: redisBackend(redis.url), token, readOnlyToken })
})
afterAll(async () => {
  await service?.close()
  await redis?.close()
})

const checkOf = (url: string, secret = token, write = false) =>
  redisCheck({ redis: redisOverRest({ url, token: secret }), write })
const real = (secret = token, write = false) => checkOf(service.url, secret, write)

async function commands(): Promise<number> {
  const stats = String(await redis.command('INFO', 'commandstats'))
  return [...stats.matchAll(/cmdstat_(get|set):calls=(\d+)/g)].reduce(
    (sum, [, , calls]) => sum + Number(calls),
    0,
  )
}

describe('on a real Redis', () => {
  it('passes with one command, and writes nothing', async () => {
    const before = await commands()
    expect(await ask(real())).toMatchObject({ status: 'pass', code: 'ok', output: 'redis ok' })
    expect((await commands()) - before).toBe(1)
    expect(await redis.command('DBSIZE')).toBe(0)
  })

  it('writes one key that expires, with one command, when it is configured to', async () => {
    const before = await commands()
    for (let count = 0; count < 2; count += 1)
      expect(await ask(real(token, true))).toMatchObject({ status: 'pass' })
    expect((await commands()) - before).toBe(2)
    expect(await redis.command('TTL', 'edge-health:probe')).toBeGreaterThan(50)
    await redis.command('FLUSHALL')
  })

  it('says unauthorized for a wrong token', async () => {
    expect(await ask(real('hunter2'))).toMatchObject({
      status: 'fail',
      code: 'unauthorized',
      output: 'redis could not be asked: the credentials were refused',
    })
  })

  it('passes with a read-only token, unless it is configured to write', async () => {
    expect(await ask(real(readOnlyToken))).toMatchObject({ status: 'pass' })
    expect(await ask(real(readOnlyToken, true))).toMatchObject({ status: 'fail', code: 'unauthorized' })
  })

  it.each([
    ['out of memory', ['CONFIG', 'SET', 'maxmemory', '1'], ['CONFIG', 'SET', 'maxmemory', '0'], 'OOM'],
    // The replica of a server that nobody is: it serves what it has and takes no writes.
    ['read-only', ['REPLICAOF', '127.0.0.1', '1'], ['REPLICAOF', 'NO', 'ONE'], 'READONLY'],
  ])('passes when Redis is %s, unless it is configured to write', async (_, breakIt, repairIt, reply) => {
    await redis.command(...breakIt)
    expect(await ask(real())).toMatchObject({ status: 'pass' })
    expect(await ask(real(token, true))).toMatchObject({ status: 'fail', code: 'error', details: { reply } })
    await redis.command(...repairIt)
    expect(await ask(real(token, true))).toMatchObject({ status: 'pass' })
    await redis.command('FLUSHALL')
  })

  it('says error, with the reply, when the probe is something else, which nobody but us writes', async () => {
    await redis.command('SADD', 'edge-health:probe', 'x')
    expect(await ask(real())).toMatchObject({
      status: 'fail',
      code: 'error',
      details: { reply: 'WRONGTYPE' },
    })
    await redis.command('FLUSHALL')
  })

  it('says unreachable while Redis is stopped and timeout while it is frozen, and passes afterwards', async () => {
    await redis.stop()
    expect(await ask(real())).toMatchObject({ status: 'fail', code: 'unreachable' })
    await redis.start()
    expect(await ask(real())).toMatchObject({ status: 'pass' })
    redis.freeze()
    expect(await ask(real(), 500)).toMatchObject({ code: 'timeout' })
    redis.thaw()
    expect(await ask(real())).toMatchObject({ status: 'pass' })
  })
})

const error = (text: string) => JSON.stringify({ error: text })

describe('on an endpoint that misbehaves', () => {
  it.each<[string, number, string, string]>([
    ['a number', 200, '{"result":7}', 'wrong_answer'],
    ['an empty object, as an aborted command of the SDK does', 200, '{"result":{}}', 'wrong_answer'],
    ['no result', 200, '{}', 'wrong_answer'],
    ['a list', 200, '[]', 'wrong_answer'],
    ['HTML with HTTP 200', 200, '<!doctype html>', 'wrong_answer'],
    ['20 MB', 200, `{"result":"${'x'.repeat(20_000_000)}"}`, 'wrong_answer'],
    ['HTML with HTTP 503', 503, '<html>', 'unreachable'],
    ['plain text of a proxy', 401, 'Unauthorized', 'unauthorized'],
    [
      'a spent quota',
      400,
      error(
        'ERR max requests limit exceeded. Limit: 500000, Usage: 500000, command was: ["get","edge-health:probe"]',
      ),
      'quota_exceeded',
    ],
    [
      'a spent daily quota with HTTP 429',
      429,
      error('ERR max daily request limit exceeded'),
      'quota_exceeded',
    ],
    ['HTTP 413', 413, '', 'wrong_answer'],
    ['a redirect', 302, '', 'wrong_answer'],
  ])('that answers %s, says so', async (_, status, body, code) => {
    expect(await ask(checkOf(await answering(status, body)))).toMatchObject({ status: 'fail', code })
  })

  it('passes with a note when the token may not read the probe: the server answered and knows it', async () => {
    const result = await ask(
      checkOf(await answering(400, error("NOPERM this user has no permissions to run the 'get' command"))),
    )
    expect(result).toMatchObject({ status: 'pass', code: 'ok', output: 'redis ok' })
    expect(result.details?.['note']).toContain('~edge-health:probe +get')
  })

  it('says unreachable when nobody listens', async () => {
    expect(await ask(checkOf(`http://127.0.0.1:${await freePort()}`))).toMatchObject({ code: 'unreachable' })
  })

  it('asks once more when a connection is closed before any answer, and not a third time', async () => {
    let requests = 0
    const url = await serve((_, response) => {
      requests += 1
      response.destroy()
    })
    expect(await ask(checkOf(url))).toMatchObject({ code: 'unreachable' })
    expect(requests).toBe(2)
  })

  it('passes on a connection that the server closed while the process was frozen', async () => {
    let requests = 0
    const url = await serve((_, response) => {
      requests += 1
      // The second one finds the connection that was kept already closed.
      if (requests === 2) response.socket?.destroy()
      else response.end('{"result":null}')
    })
    expect(await ask(checkOf(url))).toMatchObject({ status: 'pass' })
    expect(await ask(checkOf(url))).toMatchObject({ status: 'pass' })
    expect(requests).toBe(3)
  })

  it('asks once only when the answer breaks off, since it was understood', async () => {
    let requests = 0
    const url = await serve((_, response) => {
      requests += 1
      response.writeHead(200, { 'content-length': '100' }).write('{')
      setTimeout(() => response.destroy(), 10)
    })
    expect(await ask(checkOf(url))).toMatchObject({ code: 'unreachable' })
    expect(requests).toBe(1)
  })
})
