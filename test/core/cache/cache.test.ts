import { describe, expect, it } from 'vitest'
import { type CacheRequest, createCache } from '../../../src/core/cache/cache.ts'
import type { Result } from '../../../src/core/check.ts'
import { fakeClock, settle } from '../../support/fake-clock.ts'

const ttl = 1000

/** A cache whose runs take `runMs` and are counted, on a clock that stands still. */
function setUp({ runMs = 50, ttlMs = ttl }: { runMs?: number; ttlMs?: number } = {}) {
  const clock = fakeClock()
  const runs: string[][] = []
  const background: Promise<unknown>[] = []
  let each: (name: string) => Promise<unknown> | undefined = () => undefined
  let owner: (names: readonly string[], deadlineAt: number) => Promise<unknown> = () => clock.sleep(runMs)
  const cache = createCache<CacheRequest>({
    clock,
    ttlMs: () => ttlMs,
    async refresh(names, { deadlineAt }, onResult) {
      runs.push([...names])
      const number = runs.length
      const more = (await owner(names, deadlineAt)) as Partial<Result> | undefined
      for (const checker of names) {
        await each(checker)
        const now = clock.now()
        onResult({
          checker,
          status: 'pass',
          code: 'ok',
          output: `run ${number}`,
          timestamp: now,
          expires: now + ttlMs,
          responseTime: 1,
          ...more,
        })
      }
    },
  })
  const request = (more: Partial<CacheRequest> = {}): CacheRequest => ({
    fresh: false,
    deadlineAt: clock.now() + 3500,
    waitUntil: (work) => background.push(work),
    ...more,
  })
  const get = (names: string[] = ['database'], more: Partial<CacheRequest> = {}) =>
    cache.results(names, request(more))
  return {
    clock,
    runs,
    get,
    /** A request that takes the lease, and whose runtime then ends: neither its run nor its timers ever go on. */
    async loseOwner(names?: string[]) {
      const { sleep } = clock
      owner = () => new Promise(() => {})
      clock.sleep = () => new Promise(() => {})
      void get(names)
      await settle()
      clock.sleep = sleep
    },
    background,
    /** What is waited for before the result of each check is known. */
    onEach: (next: typeof each) => {
      each = next
    },
    /** What the runs from now on do before their results are known, and what else is in those. */
    onRun: (next: typeof owner) => {
      owner = next
    },
  }
}

const outputs = (results: readonly Result[]) => results.map(({ output }) => output)

describe('the cache', () => {
  it('repeats a result until it expires, and not a moment longer', async () => {
    const { get, clock, runs } = setUp()
    const first = get()
    await clock.advance(50)
    await first
    await clock.advance(ttl - 1)
    expect(outputs(await get())).toEqual(['run 1'])
    await clock.advance(1)
    const again = get()
    await clock.advance(50)
    expect(outputs(await again)).toEqual(['run 2'])
    expect(runs).toHaveLength(2)
  })

  it('asks only the checks whose results have expired', async () => {
    const { get, clock, runs } = setUp()
    const first = get(['redis'])
    await clock.advance(500)
    await first
    const second = get(['database', 'redis'])
    await clock.advance(50)
    expect(outputs(await second)).toEqual(['run 2', 'run 1'])
    expect(runs).toEqual([['redis'], ['database']])
  })

  it('repeats a result no longer after the clock was set back by less than its age', async () => {
    const { get, clock, runs } = setUp()
    const first = get()
    await clock.advance(50)
    await first
    await clock.advance(ttl - 1)
    clock.setBack(500)
    expect(outputs(await get())).toEqual(['run 1'])
    await clock.advance(1)
    const second = get()
    await clock.advance(50)
    expect(outputs(await second)).toEqual(['run 2'])
    expect(runs).toHaveLength(2)
  })

  it('does not believe a date in the future beyond the TTL, after the clock was set back', async () => {
    const { get, clock, runs } = setUp()
    const first = get()
    await clock.advance(50)
    await first
    clock.setBack(3_600_000)
    const second = get()
    await clock.advance(50)
    await second
    expect(runs).toHaveLength(2)
  })

  it('asks anew for a fresh request and keeps what that one found', async () => {
    const { get, clock, runs } = setUp()
    const first = get()
    await clock.advance(50)
    await first
    const fresh = get(['database'], { fresh: true })
    await clock.advance(50)
    expect(outputs(await fresh)).toEqual(['run 2'])
    expect(outputs(await get())).toEqual(['run 2'])
    expect(runs).toHaveLength(2)
  })
})

describe('the lease', () => {
  it.each([[27_000], [0]])(
    'makes one run of fifty simultaneous requests at a TTL of %i ms',
    async (ttlMs) => {
      const { get, clock, runs } = setUp({ ttlMs })
      const answers = Promise.all(Array.from({ length: 50 }, () => get()))
      await clock.advance(200)
      expect(new Set((await answers).flatMap(outputs))).toEqual(new Set(['run 1']))
      expect(runs).toHaveLength(1)
    },
  )

  it('makes one run of fifty simultaneous fresh requests', async () => {
    const { get, clock, runs } = setUp()
    const answers = Promise.all(Array.from({ length: 50 }, () => get(['database'], { fresh: true })))
    await clock.advance(200)
    await answers
    expect(runs).toHaveLength(1)
  })

  it('asks each check once in a storm of different subsets', async () => {
    const { get, clock, runs } = setUp()
    const subsets = [
      ['database'],
      ['redis'],
      ['database', 'redis'],
      ['celery', 'redis'],
      ['database', 'celery', 'redis'],
    ]
    const answers = Promise.all(
      Array.from({ length: 100 }, (_, index) => get(subsets[index % subsets.length])),
    )
    await clock.advance(200)
    for (const results of await answers) expect(results.every(Boolean)).toBe(true)
    expect(runs.flat().sort()).toEqual(['celery', 'database', 'redis'])
  })

  it('hands the run to the runtime before anything is awaited', () => {
    const { get, background } = setUp()
    void get()
    expect(background).toHaveLength(1)
  })

  it('asks again for the next request at TTL 0', async () => {
    const { get, clock, runs } = setUp({ ttlMs: 0 })
    for (let count = 1; count <= 3; count += 1) {
      const answer = get()
      await clock.advance(50)
      expect(outputs(await answer)).toEqual([`run ${count}`])
    }
    expect(runs).toHaveLength(3)
  })

  it('is renewed for as long as a slow run lives', async () => {
    const { get, clock, runs } = setUp({ runMs: 2000 })
    const first = get()
    await clock.advance(1900)
    const follower = get()
    await clock.advance(200)
    expect(outputs(await follower)).toEqual(outputs(await first))
    expect(runs).toHaveLength(1)
  })

  it('is taken over by one follower when its owner is gone', async () => {
    const { get, clock, runs, onRun, loseOwner } = setUp()
    await loseOwner()
    onRun(() => clock.sleep(50))
    const followers = Promise.all(Array.from({ length: 10 }, () => get()))
    await clock.advance(890)
    expect(runs).toHaveLength(1)
    await clock.advance(300)
    expect(new Set((await followers).flatMap(outputs))).toEqual(new Set(['run 2']))
    expect(runs).toHaveLength(2)
  })

  it('leaves the one that takes over the default timeout, when they came after its owner was gone', async () => {
    const { get, clock, onRun, loseOwner } = setUp()
    await loseOwner()
    const left: number[] = []
    onRun(async (_names, deadlineAt) => left.push(deadlineAt - clock.now()))
    const follower = get()
    await clock.advance(1100)
    await follower
    expect(left).toHaveLength(1)
    expect(left[0]).toBeGreaterThanOrEqual(2500)
  })

  it('goes on to the next follower, with more time, when a run was cut short', async () => {
    const { get, clock, runs, onRun, loseOwner } = setUp({ ttlMs: ttl })
    await loseOwner()
    // Both take 500 ms to find out that all is well; the first to take over has less than that.
    onRun(async (_names, deadlineAt) => {
      const leftMs = deadlineAt - clock.now()
      await clock.sleep(Math.min(leftMs, 500))
      return leftMs < 500 ? { status: 'fail', code: 'timeout', isCutShort: true } : {}
    })
    const hurried = get(['database'], { deadlineAt: clock.now() + 1250 })
    const patient = get()
    await clock.advance(2500)
    expect(await hurried).toMatchObject([{ output: 'run 2', code: 'timeout' }])
    expect(await patient).toMatchObject([{ output: 'run 3', status: 'pass' }])
    expect(await get()).toMatchObject([{ output: 'run 3' }])
    expect(runs).toHaveLength(3)
  })

  it('keeps the result that there was when a run was cut short', async () => {
    const { get, clock, onRun } = setUp()
    const first = get()
    await clock.advance(50)
    await first
    onRun(async () => ({ status: 'fail', code: 'timeout', isCutShort: true }))
    expect(await get(['database'], { fresh: true })).toMatchObject([{ code: 'timeout' }])
    expect(await get()).toMatchObject([{ output: 'run 1', status: 'pass' }])
  })

  it('hands the runtime no promise that rejects, when a run cannot be made', async () => {
    const { get, background, onRun } = setUp()
    onRun(() => Promise.reject('no run'))
    await expect(get()).rejects.toBe('no run')
    await expect(Promise.all(background)).resolves.toHaveLength(1)
  })

  it('does not outlive its owner when the clock is set back', async () => {
    const { get, clock, onRun, loseOwner } = setUp()
    await loseOwner()
    onRun(() => clock.sleep(50))
    clock.setBack(3_600_000)
    const next = get()
    await clock.advance(4000)
    expect(outputs(await next)).toEqual(['run 2'])
  })

  it('of several checks is taken over by one run of them all', async () => {
    const { get, clock, runs, onRun, loseOwner } = setUp()
    await loseOwner(['database', 'migrations', 'redis'])
    onRun(() => clock.sleep(50))
    const followers = Promise.all(
      Array.from({ length: 10 }, (_, index) =>
        get(index === 0 ? ['redis'] : ['database', 'migrations', 'redis']),
      ),
    )
    await clock.advance(1150)
    await followers
    expect(runs).toEqual([['database', 'migrations', 'redis'], ['redis'], ['database', 'migrations']])
  })

  it('belongs to the one that took over: an owner that comes back late changes nothing for the others', async () => {
    const { get, clock, onRun } = setUp()
    let comeBack = () => {}
    const frozen = clock.sleep
    onRun(
      () =>
        new Promise<void>((resolve) => {
          comeBack = resolve
        }),
    )
    clock.sleep = () => new Promise(() => {})
    const owner = get()
    await settle()
    clock.sleep = frozen
    onRun(() => clock.sleep(50))
    const follower = get()
    await clock.advance(1100)
    expect(outputs(await follower)).toEqual(['run 2'])
    comeBack()
    expect(outputs(await owner)).toEqual(['run 1'])
    expect(outputs(await get())).toEqual(['run 2'])
  })

  it.each([-30_000, 30_000])('keeps a follower as long when the clock is set %i ms forward', async (ms) => {
    const { get, clock, onRun } = setUp()
    onRun(() => clock.sleep(500))
    void get()
    await settle()
    const left: number[] = []
    onRun(async (_names, deadlineAt) => left.push(deadlineAt - clock.now()))
    const follower = get()
    await clock.advance(200)
    clock.setBack(-ms)
    await clock.advance(100)
    // For a clock that was set the lease is not one that lives.
    expect(outputs(await follower)).toEqual(['run 2'])
    expect(left[0]).toBeGreaterThanOrEqual(3500 - 300)
    expect(left[0]).toBeLessThanOrEqual(3500 - 200)
  })

  it('never keeps a follower beyond its own deadline', async () => {
    const { get, clock, onRun } = setUp()
    onRun(() => clock.sleep(10_000))
    void get()
    await settle()
    const follower = get(['database'], { deadlineAt: clock.now() + 500 })
    await clock.advance(500)
    expect(await follower).toMatchObject([
      {
        status: 'fail',
        code: 'timeout',
        output: 'database did not answer in time',
        details: { reason: 'the run under way did not end within the deadline' },
        cause: { code: 'timeout' },
      },
    ])
  })

  it('answers those who follow with its own result, and not with the one that has expired', async () => {
    const { get, clock } = setUp()
    void get()
    await clock.advance(ttl + 50)
    void get()
    await settle()
    const follower = get()
    await clock.advance(100)
    expect(outputs(await follower)).toEqual(['run 2'])
  })

  it('is looked at often at first, however long the isolate has lived', async () => {
    const { get, clock } = setUp()
    await clock.advance(60_000)
    void get()
    await settle()
    let isAnswered = false
    void Promise.resolve(get()).then(() => {
      isAnswered = true
    })
    await clock.advance(65)
    expect(isAnswered).toBe(true)
  })

  it('is gone 900 ms after its last renewal', async () => {
    for (const [afterMs, count] of [
      [899, 1],
      [900, 2],
    ] as const) {
      const { get, clock, runs, loseOwner } = setUp()
      await loseOwner()
      await clock.advance(afterMs)
      void get()
      await settle()
      expect(runs).toHaveLength(count)
    }
  })

  it('is renewed for the checks that are still asked', async () => {
    const { get, clock, runs, onEach } = setUp()
    onEach((name) => clock.sleep(name === 'database' ? 10 : 2000))
    void get(['database', 'redis'])
    await clock.advance(1900)
    const follower = get(['redis'])
    await clock.advance(200)
    expect(outputs(await follower)).toEqual(['run 1'])
    expect(runs).toHaveLength(1)
  })

  it('is looked at less often the longer it takes, and never more than a quarter late', async () => {
    const { get, clock } = setUp({ runMs: 2000 })
    void get()
    await settle()
    const asleep: number[] = []
    const { sleep } = clock
    clock.sleep = (ms, signal) => {
      if (!signal) asleep.push(ms)
      return sleep(ms, signal)
    }
    const follower = get()
    await clock.advance(2100)
    await follower
    expect(asleep.length).toBeLessThan(50)
    let waited = 0
    for (const ms of asleep) {
      expect(ms).toBeLessThanOrEqual(Math.min(100, Math.max(2, waited / 4)))
      waited += ms
    }
  })

  it('leaves no timer behind', async () => {
    const { get, clock, background } = setUp()
    const answers = Promise.all([get(), get(), get()])
    await clock.advance(200)
    await answers
    await Promise.all(background)
    expect(clock.timers).toBe(0)
  })
})
