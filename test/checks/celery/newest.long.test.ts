/**
 * The survival and situation tests with the newest Celery, where the package index of this machine has one: fewer rows of
 * their tables, since a minute or two of every run is enough.
 */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { runPython, startWorker } from '../../servers/celery.ts'
import { installNewestCelery } from '../../servers/newest-celery.ts'
import { pythonVariable } from '../../servers/requirements.ts'
import { type Broker, startBroker } from './broker.ts'

const celery = installNewestCelery()
if ('missing' in celery) {
  console.warn(`${celery.missing}. The tests of Celery run with the installed one alone.`)
  it('is not there, and the reason is said', () =>
    expect(celery.missing).toMatch(/Celery than \d+\.\d+.*: \S/))
} else {
  process.env[pythonVariable] = celery.python
  afterAll(() => celery.remove())

  let broker: Broker
  beforeAll(async () => {
    broker = await startBroker()
  })
  afterAll(() => broker?.close())

  it(`is Celery ${celery.version}, which the workers run`, async () => {
    const version = await runPython(
      { redisUrl: broker.redis.url },
      'import celery\nprint(json.dumps(celery.__version__))',
    )
    expect(version).toBe(celery.version)
  })

  it('leaves a worker registered that stopped cleanly with control_queue_durable, as docs/celery.md says', async () => {
    const settings = { control_queue_durable: true, control_queue_exclusive: false }
    const worker = startWorker({ redisUrl: broker.redis.url, settings, name: 'w2@test' })
    await worker.ready()
    worker.term()
    await expect.poll(() => worker.hasEnded(), { timeout: 30_000 }).toBe(true)
    const other = startWorker({ redisUrl: broker.redis.url, settings })
    try {
      await other.ready()
      await broker.listenToEverything()
      expect(await broker.ask()).toMatchObject({ code: 'silent_worker', details: { silent: ['w2@test'] } })
    } finally {
      await other.stop()
    }
  })

  await import('./survival.long.test.ts')
  await import('./situations.long.test.ts')
}
