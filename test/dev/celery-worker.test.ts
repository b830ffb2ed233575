import { Redis } from 'ioredis'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { celeryCheck } from '../../src/checks/celery/check.ts'
import { startStandInWorker } from '../../src/dev/celery-worker.ts'
import { embeddedRedisBackend } from '../../src/dev/embedded-redis.ts'
import { startRedisRest } from '../../src/dev/redis-rest.ts'
import { type Broker, settingsFor, startBroker } from '../checks/celery/broker.ts'
import { runPython } from '../servers/celery.ts'

describe('the stand-in worker on the embedded Redis', () => {
  it('answers the check, consumes the queues that it was given, and is gone when it is closed', async () => {
    const backend = embeddedRedisBackend()
    const server = await startRedisRest({ backend, token: 'token' })
    const settings = settingsFor({ url: server.url, token: 'token' }, { queues: ['mail'], maxBacklog: 0 })
    const ask = () => celeryCheck(settings).run({ signal: AbortSignal.timeout(60_000), timeoutMs: 60_000 })

    expect(await ask()).toMatchObject({ code: 'no_workers' })
    const worker = await startStandInWorker(backend.client(), { queues: ['celery', 'mail'] })
    expect(await ask()).toMatchObject({
      code: 'ok',
      details: {
        workers: [{ name: 'stand-in@localhost', queues: ['celery', 'mail'] }],
        backlog: { celery: 0, mail: 0 },
      },
    })
    await worker.close()
    expect(await ask()).toMatchObject({ code: 'no_workers' })

    await server.close()
    await backend.close()
  })

  it('stands in for an application with a prefix and an exchange of its own', async () => {
    const backend = embeddedRedisBackend()
    const server = await startRedisRest({ backend, token: 'token' })
    const naming = { keyPrefix: 'shop:', controlExchange: 'shop' }
    const worker = await startStandInWorker(backend.client(), { naming })
    const settings = settingsFor({ url: server.url, token: 'token' }, naming)
    const context = { signal: AbortSignal.timeout(60_000), timeoutMs: 60_000 }
    expect(await celeryCheck(settings).run(context)).toMatchObject({ code: 'ok' })
    await worker.close()
    await server.close()
    await backend.close()
  })
})

describe('the stand-in worker on a real Redis', () => {
  let broker: Broker
  let client: Redis
  beforeAll(async () => {
    broker = await startBroker()
    client = new Redis(broker.redis.url)
  })
  afterAll(async () => {
    client?.disconnect()
    await broker?.close()
  })

  it("is a worker to Celery's own inspect", async () => {
    const worker = await startStandInWorker(client)
    const inspect = (call: string, settings = 'timeout=30, limit=1') =>
      runPython(
        { redisUrl: broker.redis.url },
        `print(json.dumps(app.control.inspect(${settings}).${call}()))`,
      )
    const answers = [
      await inspect('ping'),
      await inspect('active_queues'),
      await inspect('stats'),
      await inspect('ping', '["other@host"], timeout=0.3'),
    ]
    await worker.close()
    const name = 'stand-in@localhost'
    expect(answers).toEqual([
      { [name]: { ok: 'pong' } },
      { [name]: [{ name: 'celery' }] },
      { [name]: { error: "KeyError('stats')" } },
      null,
    ])
  })

  it('survives what is not a request and leaves nothing behind', async () => {
    const worker = await startStandInWorker(client)
    await client.del('_kombu.binding.reply.celery.pidbox')
    for (const payload of [
      '',
      'x',
      '{}',
      'null',
      '{"body":"{}"}',
      '{"body":"bnVsbA==","properties":{"body_encoding":"base64"}}',
    ]) {
      await client.publish('/0.celery.pidbox', payload)
    }
    expect((await broker.ask()).code).toBe('ok')
    expect(await broker.keys()).toContain('_kombu.binding.celery.pidbox')
    await worker.close()
    expect((await broker.keys()).filter((key) => !key.includes('edge-health'))).toEqual([])
  })
})
