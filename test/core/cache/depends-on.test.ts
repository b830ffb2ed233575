import { expect, it } from 'vitest'
import { type CacheRequest, createCache } from '../../../src/core/cache/cache.ts'
import type { Result } from '../../../src/core/check.ts'
import { fakeClock } from '../../support/fake-clock.ts'

const deadlineMs = 3500
const ttl = { pass: 10_000, warn: 10_000, fail: 1000 }

/** The migrations ask the same server as the database does. */
function setUp() {
  const clock = fakeClock()
  const runs: string[][] = []
  const failing = new Set<string>()
  const cache = createCache<CacheRequest>({
    clock,
    deadlineMs,
    ttlMs: (_name, status) => ttl[status],
    dependsOn: (name) => (name === 'migrations' ? 'database' : undefined),
    async refresh(names, _request, onResult) {
      runs.push([...names])
      for (const checker of names) {
        const status: Result['status'] = failing.has(checker) ? 'fail' : 'pass'
        const timestamp = clock.now()
        const times = { timestamp, expires: timestamp + ttl[status], responseTime: 1 }
        onResult({ checker, status, code: 'ok', output: '', ...times })
      }
    },
  })
  const request = () => ({ fresh: false, deadlineAt: clock.now() + deadlineMs, waitUntil() {} })
  return { clock, runs, failing, get: (...names: string[]) => cache.results(names, request()) }
}

it('a check that failed runs with the one that it depends on, although that one is fresh', async () => {
  const { clock, runs, failing, get } = setUp()
  failing.add('migrations')
  await get('database', 'migrations')
  await clock.advance(1000)
  await get('database', 'migrations')
  expect(runs[1]).toEqual(['migrations', 'database'])
})

it('one that was well runs alone', async () => {
  const { clock, runs, get } = setUp()
  await get('migrations')
  await clock.advance(9000)
  await get('database')
  await clock.advance(1000)
  await get('database', 'migrations', 'redis')
  expect(runs[2]).toEqual(['migrations', 'redis'])
})

it('one that never ran runs alone', async () => {
  const { runs, get } = setUp()
  await get('database')
  await get('database', 'migrations')
  expect(runs[1]).toEqual(['migrations'])
})

it.each([
  [0, ['migrations', 'database']],
  [1, ['migrations']],
])('of results that expire %i ms after the time of one run: %j', async (ms, names) => {
  const { clock, runs, get } = setUp()
  await get('migrations')
  await clock.advance(deadlineMs + ms)
  await get('database')
  await clock.advance(ttl.pass - deadlineMs - ms)
  await get('database', 'migrations')
  expect(runs[2]).toEqual(names)
})

it('what was not asked for does not run', async () => {
  const { runs, get } = setUp()
  await get('migrations')
  expect(runs).toEqual([['migrations']])
})
