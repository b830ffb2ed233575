import { describe, expect, it } from 'vitest'
import { lookAtQueues } from '../../../src/checks/celery/queues.ts'
import type { ScriptRunner } from '../../../src/checks/celery/scripts.ts'
import { createRedis } from '../../../src/clients/redis.ts'
import { embeddedRedisBackend } from '../../../src/dev/embedded-redis.ts'
import { startRedisRest } from '../../../src/dev/redis-rest.ts'

const naming = { keyPrefix: 'shop:', separator: ':', prioritySteps: [0, 5] }

/** A Redis that answers so, and what it was asked. */
function answering(...reply: string[]) {
  const asked: { keys: string[]; values: string[] }[] = []
  const redis = {
    eval: async (_script: string, keys: string[], values: string[]) => {
      asked.push({ keys, values })
      return reply
    },
  } as unknown as ScriptRunner
  const look = (queues: string[], isCounted: boolean) => lookAtQueues(redis, naming, queues, isCounted)
  return { look, asked }
}

describe('without queues to ask about', () => {
  it('nothing is asked, and nothing waits', async () => {
    const { look, asked } = answering()
    expect(await look([], false)).toEqual({ heads: new Map() })
    expect(await look([], true)).toEqual({ backlog: {}, heads: new Map() })
    expect(asked).toEqual([])
  })
})

describe('with a backlog that may be exceeded', () => {
  it('every priority of each queue is counted, and the next message of each is read', async () => {
    const { look, asked } = answering('3 0', 'the end of a message', '')
    expect(await look(['celery', 'mail'], true)).toEqual({
      backlog: { celery: 3, mail: 0 },
      heads: new Map([
        ['celery', 'the end of a message'],
        ['mail', ''],
      ]),
    })
    expect(asked).toEqual([
      { keys: ['shop:celery', 'shop:celery:5', 'shop:mail', 'shop:mail:5'], values: ['2', 'count', '100'] },
    ])
  })

  it('all queues are counted, and the first hundred are watched', async () => {
    const queues = Array.from({ length: 101 }, (_, at) => `queue-${at}`)
    const { look, asked } = answering(queues.map(() => '1').join(' '), ...queues.slice(1).map(() => 'end'))
    const { backlog, heads } = await look(queues, true)
    expect(backlog).toHaveProperty('queue-100', 1)
    expect([...(heads ?? [])].at(-1)).toEqual(['queue-99', 'end'])
    expect(asked[0]?.keys).toHaveLength(202)
  })
})

describe('without one', () => {
  it('only the list is touched from which the next message comes, of a hundred queues at most', async () => {
    const queues = Array.from({ length: 101 }, (_, at) => `queue-${at}`)
    const { look, asked } = answering('0 0', 'end', '')
    const { backlog, heads } = await look(queues, false)
    expect(backlog).toBeUndefined()
    expect(heads?.size).toBe(2)
    expect(asked[0]?.keys).toEqual(queues.slice(0, 100).map((queue) => `shop:${queue}`))
    expect(asked[0]?.values).toEqual(['1', '', '100'])
  })
})

it('does not say that a queue is empty where its user may not read it', async () => {
  const { look } = answering('3 1', 'the end of a message', 'refused')
  expect(await look(['celery', 'mail'], true)).toEqual({ backlog: { celery: 3, mail: 1 } })
})

it('counts and reads what lies in a Redis', async () => {
  const backend = embeddedRedisBackend()
  const token = 'a-token-of-the-tests'
  const server = await startRedisRest({ backend, token })
  try {
    const client = backend.client()
    for (const message of ['first', 'second']) await client.lpush('shop:celery', message)
    await client.lpush('shop:celery:5', 'urgent')
    const redis = createRedis({ url: server.url, token }, AbortSignal.timeout(10_000))
    const heads = new Map([
      ['celery', 'first'],
      ['mail', ''],
    ])
    expect(await lookAtQueues(redis, naming, ['celery', 'mail'], true)).toEqual({
      backlog: { celery: 3, mail: 0 },
      heads,
    })
    expect(await lookAtQueues(redis, naming, ['celery', 'mail'], false)).toEqual({ heads })
  } finally {
    await server.close()
    await backend.close()
  }
})
