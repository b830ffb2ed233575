/** Settings of `broker_transport_options` that Celery's own guide shows (userguide/routing.rst, "Redis Message Priorities"). */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { aclRule } from '../../../src/checks/celery/permissions.ts'
import { type CeleryProcess, runPython, startWorker, type WorkerOptions } from '../../servers/celery.ts'
import { type Broker, startBroker } from './broker.ts'

let broker: Broker
const workers: CeleryProcess[] = []
beforeAll(async () => {
  broker = await startBroker()
})
afterEach(async () => {
  await Promise.all(workers.splice(0).map((worker) => worker.stop()))
  await broker.redis.command('FLUSHALL')
})
afterAll(() => broker?.close())

async function start(options: Partial<WorkerOptions> = {}): Promise<CeleryProcess> {
  const worker = startWorker({ redisUrl: broker.redis.url, pool: 'solo', ...options })
  workers.push(worker)
  await worker.ready()
  return worker
}
const python = (code: string, settings: Record<string, unknown> = {}) =>
  runPython({ redisUrl: broker.redis.url, settings }, code)
const send = (priority: number, settings: Record<string, unknown>) =>
  python(`for _ in range(5): app.send_task("tests.sleep", [0], queue="mail", priority=${priority})`, settings)

const steps = Array.from({ length: 10 }, (_, step) => step)
const settings = {
  broker_transport_options: { sep: ':', priority_steps: steps, queue_order_strategy: 'priority' },
}

describe('a worker with the separator and the priority steps of the guide', () => {
  it('is well, by its name, and its backlog is counted', async () => {
    const worker = await start({ settings })
    await send(1, settings)
    await send(7, settings)
    const asked = { maxBacklog: 9, queues: ['mail'], prioritySteps: steps }
    expect(await broker.ask(asked)).toMatchObject({
      code: 'missing_queue',
      details: {
        workers: [{ name: 'w1@test', queues: ['celery'] }],
        backlog: { mail: 10, celery: 0 },
        also_found: ['backlog'],
      },
    })
    worker.freeze()
    expect(await broker.ask({ timeoutMs: 100 })).toMatchObject({
      code: 'no_reply',
      details: { silent: ['w1@test'] },
    })
    worker.thaw()
  })

  it('has its backlog counted by CELERY_SEPARATOR when no worker is registered', async () => {
    await send(3, settings)
    const stranger = await broker.listenToEverything()
    const asked = { maxBacklog: 9, queues: ['mail'], timeoutMs: 100 }
    expect(await broker.ask(asked)).toMatchObject({ details: { backlog: { mail: 0 } } })
    expect(await broker.ask({ ...asked, separator: ':' })).toMatchObject({
      details: { backlog: { mail: 5 } },
    })
    stranger.disconnect()
  })

  it('learns of a CELERY_SEPARATOR that is not its own', async () => {
    await start({ settings })
    const outcome = await broker.ask({ separator: '|' })
    expect(outcome).toMatchObject({
      code: 'ok',
      details: { separator_hint: expect.stringContaining('Theirs') },
    })
    expect((await broker.ask({ separator: ':' })).details).not.toHaveProperty('separator_hint')
  })

  it('is named whole when there are separators in its name', async () => {
    const worker = await start({ settings, name: 'w1::mail@test' })
    expect(await broker.ask({ workers: ['w1::mail@test'] })).toMatchObject({ code: 'ok' })
    worker.freeze()
    expect((await broker.ask({ timeoutMs: 100 })).details).toMatchObject({ silent: ['w1::mail@test'] })
    worker.thaw()
  })
})

describe('a worker whose priority steps have no 0, so that kombu puts answers to its last step', () => {
  const prioritySteps = [1, 3, 6, 10]
  const withoutZero = { broker_transport_options: { priority_steps: prioritySteps } }
  const withoutExpiry = async () => {
    const ours = (await broker.keys()).filter((key) => key.includes('edge-health'))
    const times = await Promise.all(ours.map((key) => broker.redis.command('TTL', key)))
    return ours.filter((_key, at) => times[at] === -1)
  }

  it.each([
    ['bound', false],
    ['unbound', true],
  ])('is found at the end of the time, %s, and what it answered gets an expiry', async (_how, isUnbound) => {
    await start({ settings: withoutZero })
    if (isUnbound) await broker.redis.command('DEL', '_kombu.binding.celery.pidbox')
    const outcome = await broker.ask({ timeoutMs: 3000 })
    expect(outcome).toMatchObject({
      code: 'ok',
      details: { answered: 1, priority_hint: expect.stringContaining('CELERY_PRIORITY_STEPS') },
    })
    expect(await withoutExpiry()).toEqual([])
  })

  it('is found at once with CELERY_PRIORITY_STEPS', async () => {
    await start({ settings: withoutZero })
    const outcome = await broker.ask({ prioritySteps, timeoutMs: 5000 })
    expect(outcome).toMatchObject({ code: 'ok', details: { answered: 1 } })
    expect(outcome.details).not.toHaveProperty('priority_hint')
    expect(await withoutExpiry()).toEqual([])
  })

  it('is found with CELERY_PRIORITY_STEPS by a user who has the rights for it alone, and without not refused', async () => {
    await start({ settings: withoutZero })
    const known = await broker.connectAs(aclRule(broker.settings({ prioritySteps })))
    expect(await broker.ask({ connection: known, prioritySteps })).toMatchObject({ code: 'ok' })
    const unknown = await broker.connectAs(aclRule(broker.settings()))
    expect(await broker.ask({ connection: unknown, timeoutMs: 300 })).toMatchObject({
      code: 'no_reply',
      details: { hint: expect.stringContaining('CELERY_PRIORITY_STEPS') },
    })
  })
})

it('hints at CELERY_SEPARATOR where the registered workers do not agree on one', async () => {
  await start()
  await broker.redis.command('SADD', '_kombu.binding.celery.pidbox', '||gone@test.celery.pidbox')
  expect(await broker.ask()).toMatchObject({
    code: 'ok',
    details: { separator_hint: expect.stringContaining('CELERY_SEPARATOR') },
  })
})

it("finds a worker whose namesake's clean stop took it off the registry", async () => {
  const [, second] = [await start(), await start()]
  second.term()
  const gone = async () => (await broker.redis.command('EXISTS', '_kombu.binding.celery.pidbox')) === 0
  await expect.poll(gone, { timeout: 60_000 }).toBe(true)
  await expect
    .poll(async () => (await broker.ask()).details, { timeout: 60_000 })
    .toMatchObject({
      subscribers: 1,
      answered: 1,
    })
  expect(await broker.ask()).toMatchObject({ code: 'ok' })
})

describe.each(['pickle', 'yaml'])('a worker that answers in %s', (format) => {
  const serializer = { task_serializer: format, accept_content: ['json', format] }

  it('and consumes nothing is not well', async () => {
    await start({ settings: serializer })
    expect(await broker.ask()).toMatchObject({ code: 'ok' })
    await python('app.control.cancel_consumer("celery", reply=True)', serializer)
    expect(await broker.ask()).toMatchObject({ status: 'fail', code: 'missing_queue' })
  })

  it('is known by a name that is not ASCII', async () => {
    await start({ settings: serializer, name: 'wörker-日本@test' })
    expect(await broker.ask({ workers: ['wörker-日本@test'] })).toMatchObject({ code: 'ok' })
    expect(await broker.ask({ workers: ['wörker-日@test'] })).toMatchObject({ code: 'missing_worker' })
  })
})

// That CELERY_KEY_PREFIX refuses such a prefix is in test/config.test.ts.
it.each(['shop[1]:', 'a\\b:'])('with the prefix %s is not found by Celery itself either', async (prefix) => {
  const prefixed = { broker_transport_options: { global_keyprefix: prefix } }
  await start({ settings: prefixed })
  expect(await python('print(json.dumps(app.control.inspect().ping()))', prefixed)).toBeNull()
})
