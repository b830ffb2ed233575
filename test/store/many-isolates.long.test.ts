import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ManyIsolates, startManyIsolates } from './many-isolates.ts'

const ttlSeconds = 4
const processes = 8

describe('8 workerd processes on one Redis, with clocks that are wrong by up to 30 s', () => {
  let isolates: ManyIsolates
  beforeAll(async () => {
    isolates = await startManyIsolates({ processes, ttlSeconds, skewMs: 30_000 })
    // Processes that have just started are slow, and know the server's clock to a second only, until they have asked it a few
    // times: then the one whose clock is ahead finds results expired up to a second early.
    await isolates.load(5 * ttlSeconds * 1000)
  })
  afterAll(() => isolates?.close())

  it.each([0, 60])('make one run for each TTL when Redis is %i ms away', async (delayMs) => {
    isolates.delay(delayMs)
    const { answers, bad, runs, commands } = await isolates.countedLoad(20_000)
    const periods = 20 / ttlSeconds
    expect(answers).toBeGreaterThan(processes * 50)
    expect(bad).toEqual([])
    // On a busy machine a process may be slower than the store may be, and then runs for itself for a while.
    expect(runs).toBeLessThanOrEqual(Math.ceil(1.05 * periods) + 1 + isolates.alone() * periods)
    expect(runs).toBeLessThan(processes * periods)
    expect(runs).toBeGreaterThanOrEqual(periods - 1)
    // Of each process: the snapshot, the lease, and looks after 100, 200, 400, 800 and then 1000 ms each, however slow
    // the machine is. Of each run: two for the snapshot and the lease that it did not get before, three for snapshot and history.
    expect(commands).toBeLessThanOrEqual(processes * 8 * (periods + 1) + runs * 5)
  })

  it('answer as without a store while Redis is frozen, each within its deadline', async () => {
    isolates.delay(0)
    isolates.redis.freeze()
    try {
      const { answers, slowestMs, bad } = await isolates.load(5000)
      expect(answers).toBeGreaterThan(processes)
      expect(bad.every((status) => status === '503')).toBe(true)
      expect(slowestMs).toBeLessThan(3750)
    } finally {
      isolates.redis.thaw()
    }
  })
})
