import { afterAll, beforeAll, expect, it } from 'vitest'
import { type CeleryProcess, runPython, startWorker } from '../../servers/celery.ts'
import { type Broker, startBroker } from './broker.ts'

let broker: Broker
let workers: CeleryProcess[]
beforeAll(async () => {
  broker = await startBroker()
  const start = (name: string, queues: string[]) =>
    startWorker({ redisUrl: broker.redis.url, pool: 'solo', name, queues })
  workers = [start('w1@test', ['celery']), start('w2@test', ['celery', 'mail'])]
  await Promise.all(workers.map((worker) => worker.ready()))
})
afterAll(async () => {
  await Promise.all((workers ?? []).map((worker) => worker.stop()))
  await broker?.close()
})

const control = (call: string) => runPython({ redisUrl: broker.redis.url }, `app.control.${call}`)

it('warns of one that consumes nothing while another consumes all that is needed, and names it', async () => {
  expect(await broker.ask()).toMatchObject({ status: 'pass', code: 'ok' })
  await control('cancel_consumer("celery", destination=["w1@test"], reply=True)')
  const outcome = await broker.ask({ queues: ['celery', 'mail'] })
  expect(outcome).toMatchObject({
    status: 'warn',
    code: 'idle_worker',
    output: 'a Celery worker answered that consumes no queue',
    details: { idle_workers: ['w1@test'], idle_hint: expect.stringContaining('add_consumer') },
  })
  await control('add_consumer("celery", destination=["w1@test"], reply=True)')
  expect(await broker.ask()).toMatchObject({ status: 'pass', code: 'ok' })
})

it('fails when it was the last consumer of a named queue, or when nobody consumes anything', async () => {
  for (const queue of ['celery', 'mail']) {
    await control(`cancel_consumer("${queue}", destination=["w2@test"], reply=True)`)
  }
  expect(await broker.ask()).toMatchObject({ status: 'warn', code: 'idle_worker' })
  expect(await broker.ask({ queues: ['mail'] })).toMatchObject({
    status: 'fail',
    code: 'missing_queue',
    details: { missing_queues: ['mail'], idle_workers: ['w2@test'], also_found: ['idle_worker'] },
  })
  await control('cancel_consumer("celery", reply=True)')
  expect(await broker.ask()).toMatchObject({ status: 'fail', code: 'missing_queue' })
})
