import { afterAll, beforeAll, expect, it } from 'vitest'
import { replyReader } from '../../../src/checks/celery/replies.ts'
import type { ScriptRunner } from '../../../src/checks/celery/scripts.ts'
import { maxAnswerBytes } from '../../../src/clients/answer-size.ts'
import { createRedis } from '../../../src/clients/redis.ts'
import { embeddedRedisBackend } from '../../../src/dev/embedded-redis.ts'
import { startRedisRest } from '../../../src/dev/redis-rest.ts'
import { type Broker, startBroker } from './broker.ts'

let broker: Broker
beforeAll(async () => {
  broker = await startBroker()
})
afterAll(() => broker?.close())

it('reads null as no answers and no registered workers', async () => {
  const redis = { eval: async () => [null, '', 0, 0, 0, null, 0] } as unknown as ScriptRunner
  const read = replyReader({ replyList: 'replies', registry: 'none', alreadyThere: 0 })
  expect(await read(redis, { askRegistry: true })).toEqual({ elements: [], hasMore: false, registered: [] })
})

const backends = {
  'a real Redis': async () => {
    const push = (element: string) => broker.redis.command('LPUSH', 'replies', element)
    return { url: broker.connection.url, push, small: 200, close: async () => {} }
  },
  'the embedded Redis': async () => {
    const backend = embeddedRedisBackend()
    const server = await startRedisRest({ backend, token: broker.connection.token })
    const client = backend.client()
    const push = (element: string) => client.lpush('replies', element)
    const close = async () => {
      await server.close()
      await backend.close()
    }
    // ioredis-mock's LRANGE counts wrongly where a longer list begins after the range. There is one stand-in worker.
    return { url: server.url, push, small: 20, close }
  },
}

it.each(Object.entries(backends))('reads each element once and whole from %s', async (_name, begin) => {
  const { url, push, small, close } = await begin()
  const plain = JSON.stringify({ body: '"'.repeat(300_000) })
  const coded = JSON.stringify({ body: 'x'.repeat(1_000_000), body_encoding: 'base64' }, null, 1)
  const pushed = ['first', plain, coded, ...Array.from({ length: small }, (_, at) => `small ${at}`), 'last']
  for (const element of ['old', ...pushed]) await push(element)
  const redis = createRedis({ ...broker.connection, url }, AbortSignal.timeout(20_000))
  const read = replyReader({ replyList: 'replies', registry: 'none', alreadyThere: 1 })
  const found: string[] = []
  for (let looks = 0, hasMore = true; hasMore && looks < 20; looks += 1) {
    const replies = await read(redis)
    found.push(...replies.elements)
    hasMore = replies.hasMore
  }
  expect(found).toEqual(pushed)
  expect(coded.length).toBeGreaterThan(maxAnswerBytes * 0.9)
  const never = replyReader({
    replyList: 'never',
    otherLists: ['none', 'replies'],
    registry: 'none',
    alreadyThere: 9,
  })
  expect(await never(redis)).toEqual({ elements: [], hasMore: false, registered: [] })
  expect(await never(redis, { askOtherSteps: true })).toMatchObject({
    elements: ['old', 'first'],
    isOtherStep: true,
  })
  await push('later')
  expect(await read(redis)).toMatchObject({ elements: ['later'], hasMore: false })
  await close()
})
