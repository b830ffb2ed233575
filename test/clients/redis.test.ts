import { expect, it } from 'vitest'
import type { Redis } from '../../src/clients/interfaces.ts'
import { createRedis, RedisError, redisOverRest } from '../../src/clients/redis.ts'
import { serve } from '../support/http.ts'

/** What one GET comes to, where each request is answered by the next of these, and how many there were. */
async function get(...answers: readonly (readonly [status: number, body: string])[]) {
  let requests = 0
  const url = await serve((_, response) => {
    const [status, body] = answers[Math.min(requests, answers.length - 1)] ?? [500, '']
    requests += 1
    response.writeHead(status).end(body)
  })
  const redis = createRedis({ url, token: 'token' }, AbortSignal.timeout(10_000))
  const outcome = await redis.get('key').catch((error: unknown) => error)
  return { outcome, requests }
}

const value = [200, '{"result":"value"}'] as const

it('a command is sent once more where the edge says that the connection was closed, and no third time', async () => {
  expect(await get([520, 'error code: 520'], value)).toEqual({ outcome: 'value', requests: 2 })
  const { outcome, requests } = await get([520, 'error code: 520'])
  expect(outcome).toMatchObject({ code: 'unreachable', details: { http_status: 520 } })
  expect(requests).toBe(2)
})

it.each([
  [530, 'error code: 1016', 'unreachable'],
  [521, '<html>', 'unreachable'],
  [403, 'error code: 1003', 'unreachable'],
  [403, '<html><title>Error 1034</title></html>', 'unreachable'],
  [403, 'error code: 1020', 'unauthorized'],
  [403, '<html>', 'unauthorized'],
  [200, '<html>', 'wrong_answer'],
  [200, '[]', 'wrong_answer'],
  [500, 'null', 'unreachable'],
] as const)('HTTP %i with %j is %s', async (status, body, code) => {
  const { outcome, requests } = await get([status, body])
  expect(outcome).toBeInstanceOf(RedisError)
  expect([(outcome as RedisError).code, requests]).toEqual([code, 1])
})

it('runs over one connection share nothing: each has its own end and its own time of the server', async () => {
  const times = ['Thu, 01 Jan 2026 00:00:01 GMT', 'Thu, 01 Jan 2026 00:00:02 GMT']
  const url = await serve((request, response) => {
    let body = ''
    request.on('data', (chunk: Buffer) => {
      body += chunk.toString()
    })
    request.on('end', () => {
      if (body.includes('never')) return
      response.writeHead(200, { date: times[Number(body.includes('second'))] }).end('{"result":"value"}')
    })
  })
  const open = redisOverRest({ url, token: 'token' })
  const stop = new AbortController()
  const [stopped, first, second] = [stop, new AbortController(), new AbortController()].map(({ signal }) =>
    open(signal),
  ) as [Redis, Redis, Redis]
  const answers = Promise.allSettled([stopped.get('never'), first.get('first'), second.get('second')])
  stop.abort()
  expect(await answers).toMatchObject([
    { reason: { code: 'timeout' } },
    { value: 'value' },
    { value: 'value' },
  ])
  expect([stopped, first, second].map(({ servedAt }) => servedAt)).toEqual([
    undefined,
    Date.parse(times[0] ?? ''),
    Date.parse(times[1] ?? ''),
  ])
})
