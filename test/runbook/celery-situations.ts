import { runPython, startWorker, type WorkerOptions } from '../servers/celery.ts'
import { untilListening } from '../servers/celery-listening.ts'
import type { TestStack } from '../support/stack.ts'
import type { Make, Situation } from './situation.ts'

/** Real workers, each with its name and queues. */
const withWorkers =
  (workers: readonly Pick<WorkerOptions, 'name' | 'queues'>[], frozen: readonly string[] = []): Make =>
  async ({ redis }: TestStack) => {
    const started = workers.map((worker) => startWorker({ ...worker, redisUrl: redis.url }))
    await Promise.all(started.map((worker) => worker.ready()))
    await untilListening(redis, workers.length)
    for (const [index, { name }] of workers.entries())
      if (name !== undefined && frozen.includes(name)) started[index]?.freeze()
    return async () => {
      await Promise.all(started.map((worker) => worker.stop()))
      await redis.command('FLUSHALL')
    }
  }

/** Its child takes no task, so the tasks wait. */
async function hanging({ redis }: TestStack) {
  const args = ['--prefetch-multiplier', '1']
  const worker = startWorker({ name: 'celery@shop-1', redisUrl: redis.url, args })
  await worker.ready()
  worker.freezeChildren()
  await runPython({ redisUrl: redis.url }, 'for _ in range(8): app.send_task("tests.sleep", [0])')
  return async () => {
    await worker.stop()
    await redis.command('FLUSHALL')
  }
}

/** Two workers, of which one was made to consume nothing. */
async function idle(stack: TestStack) {
  const end = await withWorkers([{ name: 'celery@shop-1' }, { name: 'celery@shop-2' }])(stack)
  await runPython(
    { redisUrl: stack.redis.url },
    'app.control.cancel_consumer("celery", destination=["celery@shop-2"], reply=True)',
  )
  return end
}

const one = withWorkers([{ name: 'celery@shop-1' }])
const key = 'edge-health:celery'

const withKeys =
  (...command: string[]): Make =>
  async ({ redis }) => {
    await redis.command(...(command as [string]))
    return () => redis.command('FLUSHALL')
  }

/** What real workers, or a real Redis without any, make the check say. */
export const celerySituations: readonly Situation[] = (
  [
    { code: 'no_workers' },
    { code: 'no_reply', make: withWorkers([{ name: 'celery@shop-1' }], ['celery@shop-1']) },
    { code: 'missing_worker', variables: { CELERY_WORKERS: 'celery@shop-1,celery@shop-2' }, make: one },
    { code: 'too_few_workers', variables: { CELERY_EXPECTED_WORKERS: '2' }, make: one },
    { code: 'missing_queue', variables: { CELERY_QUEUES: 'celery,mail' }, make: one },
    { code: 'no_heartbeat', variables: { CELERY_PROBE: 'heartbeat' } },
    {
      code: 'stale_heartbeat',
      variables: { CELERY_PROBE: 'heartbeat' },
      make: withKeys('SET', key, String(Date.now() / 1000 - 600)),
    },
    {
      code: 'silent_worker',
      make: withWorkers([{ name: 'celery@shop-1' }, { name: 'celery@shop-2' }], ['celery@shop-2']),
    },
    {
      code: 'backlog',
      variables: { CELERY_MAX_BACKLOG: '2' },
      make: hanging,
    },
    { code: 'idle_worker', make: idle },
    {
      code: 'stuck_queue',
      variables: { CELERY_QUEUES: 'celery' },
      make: hanging,
      attempts: 160,
    },
  ] satisfies Omit<Situation, 'checker'>[]
).map((situation) => ({ ...situation, checker: 'celery' }))
