import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type CeleryProcess, startWorker, type WorkerOptions } from '../../servers/celery.ts'
import { until } from '../../servers/process.ts'
import { type Broker, startBroker } from './broker.ts'

let broker: Broker
beforeAll(async () => {
  broker = await startBroker()
})
afterAll(() => broker?.close())

async function worker(options: Partial<WorkerOptions> = {}): Promise<CeleryProcess> {
  const started = startWorker({ redisUrl: broker.redis.url, ...options })
  workers.push(started)
  await started.ready()
  return started
}
const workers: CeleryProcess[] = []
const stopWorkers = async () => {
  await Promise.all(workers.splice(0).map((started) => started.stop()))
  await broker.redis.command('FLUSHALL')
}

describe('with one idle prefork worker', () => {
  let only: CeleryProcess
  beforeAll(async () => {
    only = await worker()
  })
  afterAll(stopWorkers)

  it('says that all is well, who answered and what it consumes', async () => {
    const outcome = await broker.ask()
    expect(outcome).toMatchObject({ status: 'pass', code: 'ok', output: 'celery ok' })
    expect(outcome.details).toMatchObject({
      subscribers: 1,
      answered: 1,
      workers: [{ name: 'w1@test', queues: ['celery'] }],
    })
  })

  it('says the moment it is frozen that it does not answer, and who that is', async () => {
    only.freeze()
    const outcome = await broker.ask({ timeoutMs: 1000 })
    expect(outcome).toMatchObject({
      status: 'fail',
      code: 'no_reply',
      output: 'Celery workers are subscribed but none answered',
    })
    expect(outcome.details).toMatchObject({ subscribers: 1, answered: 0, silent: ['w1@test'] })
    only.thaw()
    await until('green again', async () => (await broker.ask()).code === 'ok')
  })

  it('does not count the late answers of a thawed worker for a newer question', async () => {
    only.freeze()
    await Promise.all(Array.from({ length: 5 }, () => broker.ask({ timeoutMs: 50 })))
    only.thaw()
    const outcomes = await Promise.all(Array.from({ length: 5 }, () => broker.ask()))
    for (const outcome of outcomes) expect(outcome.details).toMatchObject({ subscribers: 1, answered: 1 })
  })

  it('fails when it is not the one that was named, or too few, or its queues are others', async () => {
    expect(await broker.ask({ workers: ['w2@test'] })).toMatchObject({ code: 'missing_worker' })
    expect(await broker.ask({ expectedWorkers: 2 })).toMatchObject({ code: 'too_few_workers' })
    expect(await broker.ask({ queues: ['celery', 'mail'] })).toMatchObject({ code: 'missing_queue' })
  })

  it('hints at prefix, exchange, database and remote control when the prefix is wrong', async () => {
    const outcome = await broker.ask({ keyPrefix: 'shop:' })
    expect(outcome).toMatchObject({ status: 'fail', code: 'no_workers' })
    expect(outcome.details?.['hint']).toContain('CELERY_KEY_PREFIX')
  })

  it('counts what waits in a queue over all its priorities, and only when it is asked to', async () => {
    await broker.redis.command('RPUSH', 'mail\x06\x163', 'one', 'two')
    await broker.redis.command('RPUSH', 'mail', 'three')
    const full = await broker.ask({ queues: ['mail'], maxBacklog: 2, expectedWorkers: 1 })
    expect(full.details).toMatchObject({ backlog: { mail: 3, celery: 0 }, also_found: ['backlog'] })
    expect((await broker.ask({ maxBacklog: 0 })).code).toBe('ok')
    expect((await broker.ask()).details).not.toHaveProperty('backlog')
    await broker.redis.command('DEL', 'mail', 'mail\x06\x163')
  })

  it('leaves nothing behind that has no expiry and never touches the shared reply exchange', async () => {
    await broker.ask()
    const ours = (await broker.keys()).filter((key) => key.includes('edge-health'))
    expect(ours.length).toBeGreaterThanOrEqual(2)
    for (const key of ours) expect(await broker.redis.command('TTL', key)).toBeGreaterThan(0)
    expect(await broker.keys()).not.toContain('_kombu.binding.reply.celery.pidbox')
  })

  it('is refused with a read-only token, and says which rule is needed', async () => {
    await expect(broker.ask({ connection: broker.readOnlyConnection })).rejects.toMatchObject({
      code: 'unauthorized',
      details: { acl_rule: expect.stringContaining('&/0.celery.pidbox') },
    })
  })

  it('is allowed to a user who has that rule and no other', async () => {
    const rule = await broker
      .ask({ connection: broker.readOnlyConnection, maxBacklog: 5, queues: ['celery'] })
      .then(
        () => '',
        (error) => String(error.details.acl_rule),
      )
    const connection = await broker.connectAs(rule)
    const outcome = await broker.ask({ connection, maxBacklog: 5, queues: ['celery'] })
    expect(outcome).toMatchObject({ code: 'ok', details: { backlog: { celery: 0 } } })
    only.freeze()
    expect(await broker.ask({ connection, timeoutMs: 100 })).toMatchObject({ code: 'no_reply' })
    only.thaw()
  })

  it('is allowed to a user who has the documented rule', async () => {
    const text = readFileSync(new URL('../../../docs/celery.md', import.meta.url), 'utf8')
    const [, rule = ''] = /^(resetchannels .*)$/m.exec(text) ?? []
    const connection = await broker.connectAs(rule)
    expect(await broker.ask({ connection })).toMatchObject({ code: 'ok' })
  })

  it.each([
    ['may not publish', '~* &* +@all -publish'],
    ['may not use the channel', '~* +@all'],
    ['may not write the keys', '%R~* &* +@all'],
  ])('is refused to a user who %s', async (_what, rules) => {
    const connection = await broker.connectAs(rules)
    await expect(broker.ask({ connection })).rejects.toMatchObject({
      code: 'unauthorized',
      details: { acl_rule: expect.stringContaining('+publish') },
    })
  })

  it('is an error while Redis is out of memory, and well again afterwards', async () => {
    await broker.redis.command('CONFIG', 'SET', 'maxmemory', '1')
    await expect(broker.ask()).rejects.toMatchObject({ code: 'error', details: { reply: 'OOM' } })
    await broker.redis.command('CONFIG', 'SET', 'maxmemory', '0')
    expect((await broker.ask()).code).toBe('ok')
  })

  it('is gone the moment it is killed, and green again when another is started', async () => {
    await only.kill9()
    expect(await broker.ask()).toMatchObject({
      status: 'fail',
      code: 'no_workers',
      output: 'no Celery workers are subscribed',
    })
    await worker()
    expect((await broker.ask()).code).toBe('ok')
  })
})

describe('with three workers of different pools', () => {
  let third: CeleryProcess
  beforeAll(async () => {
    const [, , last] = await Promise.all([
      worker({ name: 'w1@test' }),
      worker({ name: 'w2@test', pool: 'solo' }),
      worker({ name: 'w3@test', pool: 'threads', concurrency: 2, queues: ['mail'] }),
    ])
    third = last
  })
  afterAll(stopWorkers)

  it('hears all of them', async () => {
    const settings = { expectedWorkers: 3, queues: ['celery', 'mail'], workers: ['w1@test', 'w3@test'] }
    expect(await broker.ask(settings)).toMatchObject({
      code: 'ok',
      details: { subscribers: 3, answered: 3 },
    })
  })

  it('does not warn because of a stranger who listens to everything', async () => {
    const stranger = await broker.listenToEverything()
    const outcome = await broker.ask({ timeoutMs: 3000 })
    stranger.disconnect()
    expect(outcome).toMatchObject({ code: 'ok', details: { subscribers: 4, answered: 3 } })
  })

  it('warns and names the one that is frozen', async () => {
    third.freeze()
    const outcome = await broker.ask()
    third.thaw()
    expect(outcome).toMatchObject({
      status: 'warn',
      code: 'silent_worker',
      details: { subscribers: 3, answered: 2, silent: ['w3@test'] },
    })
  })

  it('fails when the frozen one was needed', async () => {
    third.freeze()
    const [missing, few, queue] = await Promise.all([
      broker.ask({ workers: ['w3@test'] }),
      broker.ask({ expectedWorkers: 3 }),
      broker.ask({ queues: ['mail'] }),
    ])
    third.thaw()
    expect(missing.code).toBe('missing_worker')
    expect(few.code).toBe('too_few_workers')
    expect(queue.code).toBe('missing_queue')
  })

  it('counts nobody twice when the first answer was lost and the question sent again', async () => {
    const connection = await broker.connectLosingFirstAnswer()
    third.freeze()
    const outcome = await broker.ask({ connection, expectedWorkers: 3 })
    third.thaw()
    expect(outcome).toMatchObject({ code: 'too_few_workers', details: { answered: 2, silent: ['w3@test'] } })
  })

  it('does not miss one that was killed and is still registered', async () => {
    await third.kill9()
    expect(await broker.ask()).toMatchObject({ code: 'ok', details: { subscribers: 2, answered: 2 } })
    expect(await broker.redis.command('SCARD', '_kombu.binding.celery.pidbox')).toBe(3)
  })
})

describe('with nobody', () => {
  it('asks twice, says so, and writes nothing', async () => {
    const outcome = await broker.ask()
    expect(outcome).toMatchObject({ status: 'fail', code: 'no_workers' })
    expect(await broker.keys()).toEqual([])
  })

  it('does not take a stranger who listens to everything for a worker', async () => {
    const stranger = await broker.listenToEverything()
    const outcome = await broker.ask({ noReply: 'warn', timeoutMs: 200 })
    stranger.disconnect()
    expect(outcome).toMatchObject({ status: 'fail', code: 'no_workers', details: { subscribers: 1 } })
  })

  it('is an error on a Redis that only reads, when somebody listens', async () => {
    const stranger = await broker.listenToEverything()
    await broker.redis.command('REPLICAOF', '127.0.0.1', '1')
    const asked = expect(broker.ask()).rejects.toMatchObject({
      code: 'error',
      details: { reply: 'READONLY' },
    })
    await asked.finally(() => broker.redis.command('REPLICAOF', 'NO', 'ONE'))
    stranger.disconnect()
  })

  it('cannot be reached once Redis is gone', async () => {
    const gone = await startBroker()
    await gone.close()
    await expect(gone.ask()).rejects.toMatchObject({ code: 'unreachable' })
  })
})
