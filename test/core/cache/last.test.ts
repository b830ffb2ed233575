import { expect, it } from 'vitest'
import { type CacheRequest, createCache } from '../../../src/core/cache/cache.ts'
import type { Result } from '../../../src/core/check.ts'
import { fakeClock } from '../../support/fake-clock.ts'

const ttl = 1000

function resultOf(checker: string, timestamp: number, output = 'own'): Result {
  const outcome = { status: 'pass', code: 'ok', output } as const
  return { ...outcome, checker, timestamp, expires: timestamp + ttl, responseTime: 1 }
}

/** @param others what all isolates share; undefined when it cannot be read */
function setUp(others?: (now: number) => readonly Result[] | undefined) {
  const clock = fakeClock()
  let runs = 0
  let reads = 0
  const read = async () => {
    reads += 1
    const results = others?.(clock.now())
    return results && new Map(results.map((result) => [result.checker, result]))
  }
  const shared = {
    sharedMs: 300,
    runMs: 2000,
    results: {
      read,
      readKnown: read,
      takeLease: async () => true,
      async write() {},
    },
  }
  const cache = createCache<CacheRequest>({
    clock,
    ttlMs: () => ttl,
    ...(others && { shared }),
    async refresh(names, _request, onResult) {
      runs += 1
      for (const name of names) onResult(resultOf(name, clock.now()))
    },
  })
  const request = () => ({ fresh: false, deadlineAt: clock.now() + 3500, waitUntil() {} })
  return {
    clock,
    counts: () => ({ runs, reads }),
    run: (...names: string[]) => cache.results(names, request()),
    last: async (...names: string[]) =>
      (await cache.last(names, request())).map(({ checker, output }) => `${checker} ${output}`),
  }
}

it('knows nothing of checks that never ran, and runs none', async () => {
  const { last, counts } = setUp()
  expect(await last('database', 'redis')).toEqual([])
  expect(counts()).toEqual({ runs: 0, reads: 0 })
})

it('has results that have expired, in the order of the names', async () => {
  const { last, run, clock } = setUp()
  await run('redis', 'database')
  await clock.advance(10 * ttl)
  expect(await last('database', 'mail', 'redis')).toEqual(['database own', 'redis own'])
})

it('takes the later one of what this isolate knows and what all share', async () => {
  const { last, run, clock } = setUp((now) => [
    resultOf('database', now - 2 * ttl, 'shared'),
    resultOf('redis', now, 'shared'),
  ])
  await run('database', 'redis')
  await clock.advance(1.5 * ttl)
  expect(await last('database', 'redis')).toEqual(['database own', 'redis shared'])
})

it('reads what all share only where something has expired', async () => {
  const { last, run, clock, counts } = setUp(() => [])
  await run('redis')
  const { reads } = counts()
  await last('redis')
  expect(counts().reads).toBe(reads)
  await clock.advance(ttl)
  await last('redis')
  expect(counts()).toEqual({ runs: 1, reads: reads + 1 })
})

it('does with its own results when the others cannot be read', async () => {
  const { last, run, clock } = setUp(() => undefined)
  await run('redis')
  await clock.advance(ttl)
  expect(await last('redis')).toEqual(['redis own'])
})
