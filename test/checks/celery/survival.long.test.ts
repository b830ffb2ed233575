/** A check that can stop what it watches is the worst there is: kombu up to 5.6.2 does not survive an answer that fails. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type CeleryProcess, runPython, startWorker, type WorkerOptions } from '../../servers/celery.ts'
import { rowsFor } from '../../servers/newest-celery.ts'
import { until } from '../../servers/process.ts'
import { type Broker, startBroker } from './broker.ts'

/** Under which tasks and `celery inspect` work. */
const celerysOwnKeys = '~celery* ~_kombu.binding.* ~*.celery.pidbox* ~unacked* &* +@all -@dangerous +info'
const registry = '_kombu.binding.celery.pidbox'
const checks = 50

let broker: Broker
const workers: CeleryProcess[] = []
beforeAll(async () => {
  broker = await startBroker()
  await broker.redis.command('ACL', 'SETUSER', 'workers', 'on', '>password', ...celerysOwnKeys.split(' '))
})
afterEach(async () => {
  await Promise.all(workers.splice(0).map((worker) => worker.stop()))
  await broker.redis.command('FLUSHALL')
})
afterAll(() => broker?.close())

const asWorkers = () => broker.redis.url.replace('redis://', 'redis://workers:password@')

async function start(options: Partial<WorkerOptions> = {}): Promise<CeleryProcess> {
  const worker = startWorker({ redisUrl: broker.redis.url, pool: 'solo', ...options })
  workers.push(worker)
  await worker.ready()
  return worker
}

const separatedBy = (sep: string) => ({ settings: { broker_transport_options: { sep } } })

/** Sends it a task by Celery's own means and waits until it is done. */
async function takesTasks(worker: CeleryProcess, options: Partial<WorkerOptions> = {}): Promise<void> {
  const done = () => worker.output().split('succeeded').length
  const before = done()
  await runPython({ redisUrl: broker.redis.url, ...options }, 'app.send_task("tests.sleep", [0])')
  await until('task done', () => done() > before)
}

const celeryInspect = (options: Partial<WorkerOptions> = {}) =>
  runPython(
    { redisUrl: broker.redis.url, ...options },
    'print(json.dumps(app.control.inspect(timeout=30, limit=1).ping()))',
  )

async function expectAlwaysOk(changes: Parameters<Broker['ask']>[0] = {}, name = 'w1@test'): Promise<void> {
  for (let check = 0; check < checks; check++) {
    const outcome = await broker.ask(changes)
    expect(outcome, `check ${check}`).toMatchObject({
      code: 'ok',
      details: { subscribers: 1, answered: 1, workers: [{ name, queues: ['celery'] }] },
    })
  }
}

const pools = rowsFor<'prefork' | 'solo' | 'threads'>(['solo', 'prefork', 'threads'], ['prefork'])

/** Fewer than in {@link celerysOwnKeys}, as the users of one installation have them, and Celery's own inspect works. */
const keysByName =
  '~celery ~celery\x06\x16? ~_kombu.binding.celery ~_kombu.binding.celery.pidbox ~_kombu.binding.celeryev ' +
  '~celeryev* ~*.celery.pidbox* ~unacked ~unacked_index ~unacked_mutex &* +@all -@dangerous +info'

it(`a worker whose Redis user may use the keys that are named takes tasks after ${checks} checks`, async () => {
  await broker.redis.command('ACL', 'SETUSER', 'named', 'on', '>password', ...keysByName.split(' '))
  const redisUrl = broker.redis.url.replace('redis://', 'redis://named:password@')
  const worker = await start({ redisUrl })
  await expectAlwaysOk()
  await takesTasks(worker, { redisUrl })
  expect(await celeryInspect({ redisUrl })).toEqual({ 'w1@test': { ok: 'pong' } })
  expect(worker.output()).not.toContain('Control command error')
})

it('a worker whose control exchange has a slash, whom any question would end, is not asked', async () => {
  const options = { settings: { control_exchange: 'shop/jobs' } }
  const worker = await start(options)
  const asked = broker.ask({ controlExchange: 'shop/jobs' })
  await expect(asked).rejects.toMatchObject({ code: 'not_configured' })
  await takesTasks(worker, options)
  expect(worker.hasEnded()).toBe(false)
})

it(`a worker without mingle whose Redis user lacks the reply queues takes tasks after ${checks} checks`, async () => {
  const rules = '~celery* ~_kombu* ~unacked* &* +@all -@dangerous'
  await broker.redis.command('ACL', 'SETUSER', 'few', 'on', '>password', ...rules.split(' '))
  const redisUrl = broker.redis.url.replace('redis://', 'redis://few:password@')
  // Its own queue `celery@test.celery.pidbox` begins with celery, so it starts.
  const worker = await start({ redisUrl, name: 'celery@test' })
  await expectAlwaysOk({}, 'celery@test')
  await broker.redis.command('DEL', registry)
  await expectAlwaysOk({}, 'celery@test')
  await takesTasks(worker, { redisUrl })
  expect(worker.output()).not.toContain('Control command error')
})

describe.each(pools)('a worker with the pool %s', (pool) => {
  it(`whose Redis user is limited to Celery's own keys takes tasks after ${checks} checks`, async () => {
    const worker = await start({ pool, redisUrl: asWorkers() })
    await expectAlwaysOk()
    await takesTasks(worker)
    expect(await celeryInspect({ redisUrl: asWorkers() })).toEqual({ 'w1@test': { ok: 'pong' } })
    expect(worker.output()).not.toContain('Control command error')
  })
})

describe.each(rowsFor([':', '|', ',', '_', '::', '\x06\x16'], [':', '|']))(
  'a worker with the separator %j',
  (sep) => {
    it(`takes tasks and answers Celery's own inspect after ${checks} checks`, async () => {
      const worker = await start(separatedBy(sep))
      await expectAlwaysOk()
      await takesTasks(worker, separatedBy(sep))
      expect(await celeryInspect(separatedBy(sep))).toEqual({ 'w1@test': { ok: 'pong' } })
      expect(worker.output()).not.toContain('Control command error')
    })
  },
)

// Celery's own inspect stops such a worker: its reply queues have `-` and `.` in their names.
describe.each(rowsFor(['-', '.'], ['-']))(
  'a worker with the separator %j, which is in our own names',
  (sep) => {
    it(`takes tasks after ${checks} checks, which bind nothing`, async () => {
      const worker = await start(separatedBy(sep))
      await expectAlwaysOk()
      expect((await broker.keys()).filter((key) => key.startsWith('_kombu.binding.edge-health'))).toEqual([])
      await takesTasks(worker, separatedBy(sep))
      expect(worker.output()).not.toContain('Control command error')
    })
  },
)

it(`a worker whose separator was changed a moment ago takes tasks after ${checks} checks`, async () => {
  const former = await start()
  await expectAlwaysOk()
  former.term()
  await until('stopped', () => former.hasEnded())
  const worker = await start(separatedBy('|'))
  await expectAlwaysOk()
  await takesTasks(worker, separatedBy('|'))
  const sets = (await broker.keys()).filter((key) => key.includes('binding.edge-health'))
  for (const set of sets) {
    const bindings = (await broker.redis.command('SMEMBERS', set)) as string[]
    expect(new Set(bindings.map((binding) => binding.includes('|'))).size).toBe(1)
  }
})

describe('a worker whose registry does not show one separator', () => {
  it.each([
    ['with nobody in it, as after a namesake stopped', ['DEL', registry]],
    ['with a member of another separator', ['SADD', registry, '||w2@test.celery.pidbox']],
    ['with a member that shows none', ['SADD', registry, 'w2@test.celery.pidbox']],
  ])(`%s takes tasks after ${checks} checks`, async (_what, command) => {
    const worker = await start({ redisUrl: asWorkers() })
    await broker.redis.command(...command)
    await expectAlwaysOk()
    await takesTasks(worker)
    expect(worker.output()).not.toContain('Control command error')
  })

  it('is never bound by a CELERY_SEPARATOR that is not its own', async () => {
    const worker = await start()
    await expectAlwaysOk({ separator: '|' })
    await takesTasks(worker)
  })

  it.each([
    ['::', ':'],
    ['::', '::'],
    ['\x06\x16\x06\x16', undefined],
    ['::longer than any other', undefined],
  ])(
    'but could be %j or another is not bound, whatever CELERY_SEPARATOR (%j) says',
    async (sep, separator) => {
      const worker = await start(separatedBy(sep))
      await expectAlwaysOk(separator === undefined ? {} : { separator })
      expect((await broker.keys()).filter((key) => key.includes('binding.edge-health'))).toEqual([])
      await takesTasks(worker, separatedBy(sep))
      expect(worker.output()).not.toContain('Control command error')
    },
  )

  it('because more are registered than are read is not bound', async () => {
    const worker = await start(separatedBy('|'))
    const others = Array.from({ length: 1000 }, (_, at) => `\x06\x16\x06\x16w${at}@test.celery.pidbox`)
    await broker.redis.command('SADD', registry, ...others)
    await expectAlwaysOk()
    await takesTasks(worker, separatedBy('|'))
    expect(worker.output()).not.toContain('Control command error')
  })
})
