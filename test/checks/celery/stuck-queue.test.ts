/** Whether a queue moves, seen at real workers. Only the half minute between two looks is made up. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { celeryCheck } from '../../../src/checks/celery/check.ts'
import { systemClock } from '../../../src/core/clock.ts'
import { type CeleryProcess, runPython, startWorker, type WorkerOptions } from '../../servers/celery.ts'
import { until } from '../../servers/process.ts'
import { type Broker, type CeleryChanges, startBroker } from './broker.ts'

let broker: Broker
let modules: string
const workers: CeleryProcess[] = []
beforeAll(async () => {
  broker = await startBroker()
  modules = mkdtempSync(join(tmpdir(), 'health-celery-'))
  writeFileSync(join(modules, 'requeue_app.py'), requeueing)
})
afterEach(async () => {
  await Promise.all(workers.splice(0).map((worker) => worker.stop()))
  await broker.redis.command('FLUSHALL')
})
afterAll(async () => {
  await broker?.close()
  rmSync(modules, { recursive: true, force: true })
})

/** A task that is given back each time that it is taken. */
const requeueing = `
import time
from celery.exceptions import Reject
from celery_app import app

@app.task(name="tests.requeue", acks_late=True, ignore_result=True)
def requeue():
    time.sleep(0.05)
    raise Reject("again", requeue=True)
`

async function start(options: Partial<WorkerOptions> = {}): Promise<CeleryProcess> {
  const worker = startWorker({ redisUrl: broker.redis.url, ...options })
  workers.push(worker)
  await worker.ready()
  return worker
}

/** One that takes two tasks, runs neither, and answers. */
async function startHung(): Promise<CeleryProcess> {
  const quick = ['--without-mingle', '--without-gossip']
  const worker = await start({ args: [...quick, '--prefetch-multiplier', '1'] })
  worker.freezeChildren()
  return worker
}

const send = (options: string, count = 1) =>
  runPython(
    { redisUrl: broker.redis.url },
    `for _ in range(${count}): app.send_task("tests.sleep", [0]${options})`,
  )
const lengthOf = async (list: string) => Number(await broker.redis.command('LLEN', list))
/** Until nobody takes any more. */
async function untilWaiting(list = 'celery'): Promise<void> {
  let before = -1
  await until('tasks wait', async () => {
    const now = await lengthOf(list)
    const isSteady = now > 0 && now === before
    before = now
    return isSteady
  })
}

/** One check, asked again and again; between two looks time passes that the test need not wait for. */
function watch(changes: CeleryChanges = {}) {
  let passedMs = 0
  const clock = { ...systemClock, monotonic: () => systemClock.monotonic() + passedMs }
  const check = celeryCheck(broker.settings({ queues: ['celery'], ...changes }), clock)
  return async (afterMs = 0) => {
    passedMs += afterMs
    return check.run({ signal: AbortSignal.timeout(60_000), timeoutMs: 60_000 })
  }
}
const halfMinute = 30_100

it.each([
  ['CELERY_QUEUES', {}],
  ['CELERY_MAX_BACKLOG', { queues: [], maxBacklog: 100 }],
])(
  'of hung children does not move, which is reported with %s after half a minute',
  async (_name, changes) => {
    await startHung()
    await send('', 8)
    await untilWaiting()
    const head = JSON.parse(String(await broker.redis.command('LINDEX', 'celery', -1)))
    const ask = watch(changes)
    expect(await ask()).toMatchObject({ status: 'pass', code: 'ok' })
    expect(await ask(15_000)).toMatchObject({ status: 'pass', code: 'ok' })
    expect(await ask(halfMinute - 15_000)).toMatchObject({
      status: 'warn',
      code: 'stuck_queue',
      output: 'a Celery queue with consumers has not moved',
      details: {
        stuck_queues: [{ queue: 'celery', task: head.headers.id, seconds: expect.any(Number) }],
        stuck_hint: expect.stringContaining('Not proven'),
      },
    })
    // Another isolate, which has seen nothing yet.
    expect(await watch(changes)()).toMatchObject({ code: 'ok' })
    expect(await watch({ queues: [] })(halfMinute)).toMatchObject({ code: 'ok' })
  },
)

describe('is not reported', () => {
  it('of an empty queue', async () => {
    await start({ pool: 'solo' })
    const ask = watch()
    for (let look = 0; look < 3; look += 1) expect(await ask(halfMinute)).toMatchObject({ code: 'ok' })
  })

  it('of a queue that moved', async () => {
    await startHung()
    await send('', 8)
    await untilWaiting()
    const ask = watch()
    await ask()
    await broker.redis.command('RPOP', 'celery')
    expect(await ask(halfMinute)).toMatchObject({ code: 'ok' })
  })

  it('of a queue without consumers, which is missing_queue', async () => {
    await start({ pool: 'solo' })
    await send(', queue="mail"', 3)
    const ask = watch({ queues: ['mail'] })
    await ask()
    expect(await ask(halfMinute)).toMatchObject({
      code: 'missing_queue',
      details: { missing_queues: ['mail'] },
    })
    expect((await ask(halfMinute)).details).not.toHaveProperty('stuck_queues')
  })

  it('of a worker that was restarted meanwhile', async () => {
    const first = await startHung()
    // On a busy machine the second one takes some before its children hang.
    await send('', 300)
    await untilWaiting()
    const ask = watch()
    await ask()
    await first.kill9()
    await startHung()
    await untilWaiting()
    expect(await ask(halfMinute)).toMatchObject({ code: 'ok' })
  })

  it('of tasks of a lower priority, which may have to wait', async () => {
    await startHung()
    await send(', priority=9', 8)
    await untilWaiting('celery\x06\x169')
    const ask = watch({ maxBacklog: 100 })
    await ask()
    expect(await ask(halfMinute)).toMatchObject({ code: 'ok' })
  })

  it('of tasks whose time has not come', async () => {
    const worker = await start({ pool: 'solo' })
    await send(', countdown=600', 3)
    await until('received', () => worker.output().split(' received').length > 3)
    const ask = watch()
    await ask()
    expect(await ask(halfMinute)).toMatchObject({ code: 'ok' })
  })

  it('of a task that is given back each time', async () => {
    const options = { redisUrl: broker.redis.url, module: 'requeue_app', pythonPath: modules }
    const worker = await start({ ...options, pool: 'solo' })
    await runPython(options, 'app.send_task("tests.requeue")')
    await until('requeued', () => worker.output().split('tests.requeue').length > 5)
    const ask = watch({ noReply: 'warn', expectedWorkers: 1 })
    for (let look = 0; look < 20; look += 1) expect((await ask(halfMinute)).code).not.toBe('stuck_queue')
    expect(worker.output().split(' received').length).toBeGreaterThan(10)
  })
})

describe('a user whose rule is older', () => {
  const rule =
    'resetchannels &/0.celery.pidbox ~celery.edge-health.*.reply.celery.pidbox ~_kombu.binding.edge-health.* ' +
    '~_kombu.binding.celery.pidbox +eval +publish +lpush +expire +sadd +lrange +srandmember'

  it('learns the rule that lets it see, and nothing fails', async () => {
    await startHung()
    await send('', 8)
    await untilWaiting()
    const outcome = await broker.ask({ queues: ['celery'], connection: await broker.connectAs(rule) })
    expect(outcome).toMatchObject({ status: 'pass', code: 'ok' })
    expect(outcome.details?.['stuck_hint']).toContain('not checked')
    const ask = watch({ connection: await broker.connectAs(String(outcome.details?.['acl_rule'])) })
    await ask()
    expect(await ask(halfMinute)).toMatchObject({ code: 'stuck_queue' })
  })

  it('may count a backlog without seeing whether it moves', async () => {
    await startHung()
    await send('', 8)
    await untilWaiting()
    const counting = await broker.connectAs(`${rule} ~celery* +llen`)
    const outcome = await broker.ask({ maxBacklog: 1, connection: counting })
    expect(outcome).toMatchObject({
      code: 'backlog',
      details: { stuck_hint: expect.stringContaining('not') },
    })
  })
})
