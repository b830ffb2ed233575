/** A Redis that is frozen or gone, seen by a Worker whose checks do not ask it. */
import { expect, it, onTestFinished } from 'vitest'
import { sleep, until } from '../servers/process.ts'
import { startSeveralWorkers } from './several-workers.ts'

/** Every request runs: what takes longer is the store. */
const everyTime = { HEALTH_TTL_PASS: '0', HEALTH_TTL_FAIL: '0' }
const maxSharedMs = 300
/** What a busy machine may add to one answer. */
const slackMs = 400

it.each(['frozen', 'gone'] as const)(
  'with a Redis that is %s each Worker answers as without a store, twice a little later and then at once',
  async (how) => {
    const all = await startSeveralWorkers([0, 0], everyTime)
    onTestFinished(() => all.close())
    const usual: number[] = []
    for (const { ask } of all.workers) {
      await ask()
      await sleep(1100)
      const { status, ms } = await ask()
      expect(status).toBe(200)
      usual.push(ms)
    }
    await sleep(1100)
    if (how === 'frozen') all.stack.redis.freeze()
    else await all.stack.redisProxy.set({ kind: 'refuse' })
    onTestFinished(() => all.stack.redis.thaw())
    const waitsOnce = async ({ ask, redis }: (typeof all.workers)[number]) => {
      redis.clear()
      const { status, ms } = await ask()
      expect(status).toBe(200)
      expect(ms).toBeLessThan(Math.max(...usual) + maxSharedMs + slackMs)
      expect(redis.requests).toHaveLength(1)
    }
    for (const worker of all.workers) {
      const { ask, redis } = worker
      await waitsOnce(worker)
      const second = await ask()
      expect(second.status).toBe(200)
      // It was not even asked.
      expect(redis.requests).toHaveLength(1)
    }
    await sleep(1100)
    for (const worker of all.workers) await waitsOnce(worker)
    // From now on a try is made after an answer, and no answer waits for it.
    await sleep(2100)
    for (const { ask } of all.workers) {
      const { status, ms } = await ask()
      expect(status).toBe(200)
      expect(ms).toBeLessThan(Math.max(...usual) + slackMs)
    }

    if (how === 'frozen') all.stack.redis.thaw()
    else await all.stack.redisProxy.set(undefined)
    await sleep(5000)
    for (const { ask, redis } of all.workers) {
      // Back to what it was: the snapshot comes before the run. On a busy machine a try may fail once more.
      await until('the store is asked again', async () => {
        await ask()
        await sleep(1100)
        redis.clear()
        expect((await ask()).status).toBe(200)
        return redis.requests[0]?.body.includes('getrange')
      })
    }
  },
)
