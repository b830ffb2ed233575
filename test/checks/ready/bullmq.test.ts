/** On a real Redis with real workers of BullMQ. */
import { Queue, Worker } from 'bullmq'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type BullmqCheckOptions, bullmqCheck } from '../../../src/checks/ready/bullmq.ts'
import { redisOverRest } from '../../../src/clients/redis.ts'
import { redisBackend } from '../../../src/dev/real-redis.ts'
import { startRedisRest } from '../../../src/dev/redis-rest.ts'
import { until } from '../../servers/process.ts'
import { type RedisServer, startRedis } from '../../servers/redis.ts'

let redis: RedisServer
let rest: Awaited<ReturnType<typeof startRedisRest>>
const token = 'planted-redis-token'
const opened: { close(force?: boolean): Promise<void> }[] = []
beforeAll(async () => {
  redis = await startRedis()
  rest = await startRedisRest({ backend: redisBackend(redis.url), token })
})
afterAll(async () => {
  await rest?.close()
  await redis?.close()
})
afterEach(async () => {
  await Promise.all(opened.splice(0).map((each) => each.close(true)))
  await redis.command('FLUSHALL')
})

const connection = () => ({ host: '127.0.0.1', port: redis.port, maxRetriesPerRequest: null })
function openQueue(name = 'mails', prefix = 'bull') {
  const queue = new Queue(name, { connection: connection(), prefix })
  opened.push(queue)
  return queue
}
async function startWorker(work: () => Promise<void> = async () => {}, prefix = 'bull') {
  const worker = new Worker('mails', work, { connection: connection(), prefix })
  opened.push(worker)
  await worker.waitUntilReady()
  await until(
    'a sign of life',
    async () => (await redis.command('EXISTS', `${prefix}:mails:stalled-check`)) === 1,
  )
  return worker
}

const ask = async (more: Partial<BullmqCheckOptions> = {}) => {
  const options = { name: 'mails', queue: 'mails', redis: redisOverRest({ url: rest.url, token }), ...more }
  return bullmqCheck(options).run({ signal: AbortSignal.timeout(10_000), timeoutMs: 10_000 })
}

describe('bullmqCheck', () => {
  it('passes with a worker and says how full the queue is', async () => {
    openQueue()
    await startWorker()
    expect(await ask()).toEqual({
      status: 'pass',
      code: 'ok',
      output: 'mails ok',
      details: { waiting: 0, active: 0, stalled: 0, oldest_seconds: 0, paused: false },
    })
  })

  it('fails where nobody works, also where jobs wait', async () => {
    expect(await ask()).toMatchObject({ status: 'fail', code: 'no_workers' })
    await openQueue().add('mail', {})
    expect(await ask()).toMatchObject({ code: 'no_workers', details: { waiting: 1 } })
  })

  it('sees a worker that is busy by the lock of its job alone', async () => {
    const queue = openQueue()
    await startWorker(() => new Promise(() => {}))
    await queue.add('mail', {})
    await until('the job is active', async () => (await queue.getActiveCount()) === 1)
    await redis.command('DEL', 'bull:mails:stalled-check')
    expect(await ask()).toMatchObject({ status: 'pass', details: { active: 1, stalled: 0 } })
  })

  it('sees a worker whose sign is written between the two looks', async () => {
    let looks = 0
    const open: BullmqCheckOptions['redis'] = (signal) => {
      const client = redisOverRest({ url: rest.url, token })(signal)
      return {
        async eval(...asked) {
          const found = await client.eval(...asked)
          looks += 1
          if (looks === 1) await redis.command('SET', 'bull:mails:stalled-check', '1', 'PX', '30000')
          return found
        },
      }
    }
    expect(await ask({ redis: open })).toMatchObject({ status: 'pass' })
    expect(looks).toBe(2)
  })

  it('warns of a job whose worker has lost its lock', async () => {
    const queue = openQueue()
    await startWorker(() => new Promise(() => {}))
    const job = await queue.add('mail', {})
    await until('the job is active', async () => (await queue.getActiveCount()) === 1)
    await redis.command('DEL', `bull:mails:${job.id}:lock`)
    expect(await ask()).toMatchObject({ status: 'warn', code: 'stalled_jobs', details: { stalled: 1 } })
  })

  it.each([
    [{ maxWaiting: 2 }, 'backlog'],
    [{ maxWaiting: 3 }, 'ok'],
    [{ maxAgeSeconds: 60 }, 'backlog'],
    [{ maxAgeSeconds: 3600 }, 'ok'],
    [{}, 'ok'],
  ])('with %o finds of three waiting jobs, the oldest 10 minutes old: %s', async (limits, code) => {
    const queue = openQueue()
    await startWorker()
    await queue.pause()
    await queue.add('mail', {}, { timestamp: Date.now() - 600_000 })
    await queue.add('mail', {})
    await queue.add('mail', {}, { priority: 5 })
    const outcome = await ask(limits)
    expect(outcome).toMatchObject({ code, details: { waiting: 3, paused: true } })
    expect(outcome.details?.['oldest_seconds']).toBeGreaterThanOrEqual(599)
    expect(outcome.details?.['oldest_seconds']).toBeLessThan(660)
  })

  it('looks at the prefix that it is given', async () => {
    openQueue('mails', 'shop')
    await startWorker(undefined, 'shop')
    expect(await ask({ prefix: 'shop' })).toMatchObject({ code: 'ok' })
    expect(await ask()).toMatchObject({ code: 'no_workers' })
  })

  it('takes a reply for what it is not as a wrong answer, and passes on what the client throws', async () => {
    const answering = (reply: unknown) => () => ({ eval: async () => reply })
    await expect(ask({ redis: answering('OK') })).rejects.toMatchObject({ code: 'wrong_answer' })
    await expect(ask({ redis: answering([1, 2, 'x', 0, 0, 0]) })).rejects.toMatchObject({
      code: 'wrong_answer',
    })
    const wrongToken = redisOverRest({ url: rest.url, token: 'planted' })
    await expect(ask({ redis: wrongToken })).rejects.toMatchObject({ code: 'unauthorized' })
  })
})
