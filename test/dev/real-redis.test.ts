import { expect, it, onTestFinished } from 'vitest'
import { probeRedis } from '../../src/dev/real-redis.ts'
import { startRedis } from '../servers/redis.ts'

const never = new AbortController().signal

it('tells of a Redis that accepts the connection and never answers', async () => {
  const redis = await startRedis()
  onTestFinished(() => redis.close())
  await probeRedis(redis.url, { signal: never })
  redis.freeze()
  await expect(probeRedis(redis.url, { signal: never, timeoutMs: 200 })).rejects.toThrow(
    'no answer within 0.2 s',
  )
})

it('ends when it is given up', async () => {
  const redis = await startRedis()
  onTestFinished(() => redis.close())
  redis.freeze()
  const start = new AbortController()
  const probing = probeRedis(redis.url, { signal: start.signal })
  start.abort()
  await expect(probing).rejects.toThrow()
  await expect(probeRedis(redis.url, { signal: start.signal })).rejects.toThrow()
})
