/** What one isolate does with the results that all isolates share; with a real store: test/store/isolates.test.ts. */
import { describe, expect, it } from 'vitest'
import { type CacheRequest, createCache } from '../../../src/core/cache/cache.ts'
import type { Result } from '../../../src/core/check.ts'
import { fakeClock } from '../../support/fake-clock.ts'

const deadlineMs = 3500
const sharedMs = 300
const runMs = 2000

function setUp({ ttl = { pass: 10_000, warn: 10_000, fail: 500 }, readMs = 0 } = {}) {
  const clock = fakeClock()
  const asked: string[] = []
  const runs: string[][] = []
  const written: string[][] = []
  /** How many ms each run had. */
  const left: number[] = []
  /** What each run knew of the database. */
  const known: (string | undefined)[] = []
  const others: { results: readonly Result[] | undefined; isWinner: boolean | undefined } = {
    results: [],
    isWinner: true,
  }
  const startedAt = { ms: 0 }
  const note = (what: string) => asked.push(`${clock.monotonic() - startedAt.ms}: ${what}`)
  const resultOf = (
    checker: string,
    output: string,
    timestamp = clock.now(),
    status: Result['status'] = 'pass',
  ) => ({
    ...{ checker, status, code: 'ok' as const, output, timestamp },
    ...{ expires: timestamp + ttl[status], responseTime: 1 },
  })
  async function read() {
    note('read')
    if (readMs > 0) await clock.sleep(readMs)
    return others.results && new Map(others.results.map((result) => [result.checker, result]))
  }
  const cache = createCache<CacheRequest>({
    clock,
    deadlineMs,
    ttlMs: (_name, status) => ttl[status],
    dependsOn: (name) => (name === 'migrations' ? 'database' : undefined),
    shared: {
      sharedMs,
      runMs,
      results: {
        read,
        readKnown: read,
        async takeLease(_request, names, lifeMs, limitMs) {
          note(`lease of ${names.join()} for ${lifeMs} within ${limitMs}`)
          return others.isWinner
        },
        async write(_request, results) {
          written.push(results.map(({ checker, output }) => `${checker} ${output}`))
        },
      },
    },
    async refresh(names, { deadlineAt }, onResult, knownOf) {
      left.push(deadlineAt - clock.now())
      note(`run of ${names.join()}`)
      runs.push([...names])
      known.push(knownOf('database')?.output)
      for (const name of names) onResult(resultOf(name, 'own'))
    },
  })
  const request = (more: Partial<CacheRequest> = {}) => ({
    ...{ fresh: false, deadlineAt: clock.now() + deadlineMs, waitUntil() {} },
    ...more,
  })
  const ask = async (names: string[], more: Partial<CacheRequest> = {}) => {
    startedAt.ms = clock.monotonic()
    let answer: readonly Result[] | undefined
    void Promise.resolve(cache.results(names, request(more))).then((results) => {
      answer = results
    })
    await clock.advance(0)
    while (answer === undefined) await clock.advance(50)
    return answer.map(({ checker, output }) => `${checker} ${output}`)
  }
  const last = async (names: string[]) => (await cache.last(names, request())).map(({ output }) => output)
  return { clock, asked, runs, written, left, known, others, resultOf, ask, last }
}

describe('results that all isolates share', () => {
  it('are the answer while they are fresh, and nothing runs', async () => {
    const { ask, asked, others, resultOf } = setUp()
    others.results = [resultOf('database', 'shared'), resultOf('redis', 'shared')]
    expect(await ask(['redis', 'database'])).toEqual(['redis shared', 'database shared'])
    expect(asked).toEqual(['0: read'])
    expect(await ask(['redis', 'database'])).toEqual(['redis shared', 'database shared'])
    expect(asked).toHaveLength(1)
  })

  it('leave the rest to a run, which knows them, under a lease, and whose results are shared', async () => {
    const { ask, asked, known, written, others, resultOf, clock } = setUp()
    others.results = [resultOf('database', 'shared'), resultOf('redis', 'expired', clock.now() - 10_000)]
    expect(await ask(['database', 'redis', 'celery'])).toEqual(['database shared', 'redis own', 'celery own'])
    expect(asked).toEqual([
      '0: read',
      '0: lease of redis,celery for 1000 within 300',
      '0: run of redis,celery',
    ])
    expect(known).toEqual(['shared'])
    expect(written).toEqual([['redis own', 'celery own']])
  })

  it('are not asked for by a request that wants fresh ones, which shares its own', async () => {
    const { ask, asked, written } = setUp()
    expect(await ask(['redis'], { fresh: true })).toEqual(['redis own'])
    expect(asked).toEqual(['0: run of redis'])
    expect(written).toEqual([['redis own']])
  })

  it('cost nothing more where they cannot be read', async () => {
    const { ask, asked, others } = setUp()
    others.results = undefined
    expect(await ask(['redis'])).toEqual(['redis own'])
    expect(asked).toEqual(['0: read', '0: run of redis'])
  })

  it.each([true, undefined])('are renewed at once where the answer to the lease is %s', async (isWinner) => {
    const { ask, asked, others } = setUp()
    others.isWinner = isWinner
    await ask(['redis'])
    expect(asked.at(-1)).toBe('0: run of redis')
  })

  it.each([
    [200, 'lease of redis for 1000 within 100'],
    [299, 'lease of redis for 1000 within 1'],
    [300, 'run of redis'],
  ])('that took %i ms to read leave the rest of the time to the lease', async (readMs, then) => {
    const { ask, asked, clock } = setUp({ readMs })
    await clock.advance(5000)
    await ask(['redis'])
    expect(asked[1]).toBe(`${readMs}: ${then}`)
  })

  it.each([
    [500, 1000],
    [3000, 3000],
    [9000, 4500],
  ])('have a lease that never outlives results that failed: %i ms, %i ms', async (fail, lifeMs) => {
    const { ask, asked } = setUp({ ttl: { pass: 10_000, warn: 10_000, fail } })
    await ask(['redis'])
    expect(asked[1]).toBe(`0: lease of redis for ${lifeMs} within 300`)
  })
})

describe('a check that depends on another one', () => {
  it('runs with it where it failed, and what that run found is kept', async () => {
    const { ask, runs, known, others, resultOf, clock } = setUp()
    others.results = [
      resultOf('database', 'shared'),
      resultOf('migrations', 'shared', clock.now() - 500, 'fail'),
    ]
    expect(await ask(['database', 'migrations'])).toEqual(['database own', 'migrations own'])
    expect(runs).toEqual([['migrations', 'database']])
    expect(known).toEqual([undefined])
    expect(await ask(['database', 'migrations'])).toEqual(['database own', 'migrations own'])
  })

  it.each([
    [10_000 - deadlineMs, [['migrations', 'database']]],
    [9999 - deadlineMs, [['migrations']]],
  ])('runs with it where that one expires soon, at an age of %i ms', async (age, expected) => {
    const { ask, runs, others, resultOf, clock } = setUp()
    others.results = [resultOf('database', 'shared', clock.now() - age)]
    await ask(['database', 'migrations'])
    expect(runs).toEqual(expected)
  })
})

describe('an isolate without the lease', () => {
  it('waits 100, 200 and 400 ms, for as long as it could still make a whole run, and makes it', async () => {
    const { ask, asked, others } = setUp()
    others.isWinner = false
    expect(await ask(['redis'], {})).toEqual(['redis own'])
    expect(asked).toEqual([
      '0: read',
      '0: lease of redis for 1000 within 300',
      ...['100: read', '300: read', '700: read', '700: run of redis'],
    ])
  })

  it.each([
    [3000, ['100: read', '300: read', '700: read', '700: run of redis']],
    [2999, ['100: read', '300: read', '300: run of redis']],
  ])('that has %i ms in all keeps a whole run of them', async (totalMs, expected) => {
    const { ask, asked, others, clock } = setUp()
    others.isWinner = false
    await ask(['redis'], { deadlineAt: clock.now() + totalMs })
    expect(asked.slice(2)).toEqual(expected)
  })

  it('waits no longer than a run takes, and a second at most between two looks', async () => {
    const { ask, asked, others, clock } = setUp()
    others.isWinner = false
    await ask(['redis'], { deadlineAt: clock.now() + 60_000 })
    expect(asked.slice(2)).toEqual([
      ...['100: read', '300: read', '700: read', '1500: read', '1500: run of redis'],
    ])
  })

  it.each([-30_000, 30_000])('waits as long when its clock is set %i ms forward meanwhile', async (ms) => {
    const { ask, asked, left, others, clock } = setUp()
    others.isWinner = false
    void clock.sleep(50).then(() => clock.setBack(-ms))
    await ask(['redis'])
    expect(asked.slice(2)).toEqual(['100: read', '300: read', '700: read', '700: run of redis'])
    expect(left).toEqual([deadlineMs - 700])
  })

  it('takes what the winner has found, and runs nothing', async () => {
    const { ask, asked, written, others, resultOf, clock } = setUp()
    others.isWinner = false
    void clock.sleep(150).then(() => {
      others.results = [resultOf('redis', 'of the winner'), resultOf('celery', 'of the winner')]
    })
    expect(await ask(['redis', 'celery'])).toEqual(['redis of the winner', 'celery of the winner'])
    expect(asked.slice(2)).toEqual(['100: read', '300: read'])
    expect(written).toEqual([])
    expect(await ask(['redis'])).toEqual(['redis of the winner'])
  })

  it('runs itself at once where the results cannot be read any more', async () => {
    const { ask, asked, others, clock } = setUp()
    others.isWinner = false
    void clock.sleep(50).then(() => {
      others.results = undefined
    })
    await ask(['redis'])
    expect(asked.slice(2)).toEqual(['100: read', '100: run of redis'])
  })

  const never = { pass: 0, warn: 0, fail: 0 }

  it('runs what the winner did not find, and knows what it found, at TTL 0 too', async () => {
    const { ask, runs, known, others, resultOf, clock } = setUp({ ttl: never })
    others.isWinner = false
    void clock.sleep(100).then(() => {
      others.results = [resultOf('database', 'of the winner')]
    })
    expect(await ask(['database', 'redis'])).toEqual(['database of the winner', 'redis own'])
    expect(runs).toEqual([['redis']])
    expect(known).toEqual(['of the winner'])
  })

  it.each([
    ['of the moment of the question', 0, true],
    ['of the moment of the look', 100, true],
    ['of before the question', -1, false],
    ['of a clock that is ahead', 101, false],
  ])('takes at TTL 0 a result %s: at %i ms, %s', async (_when, at, isTaken) => {
    const { ask, runs, others, resultOf, clock } = setUp({ ttl: never })
    const now = clock.now()
    await clock.advance(0)
    others.isWinner = false
    others.results = [resultOf('redis', 'of the winner', now + at)]
    await ask(['redis'], { deadlineAt: now + runMs + sharedMs + 150 })
    expect(runs).toEqual(isTaken ? [] : [['redis']])
  })
})

it('the last results are the later ones, and the own ones of the same moment', async () => {
  const { ask, last, others, resultOf, clock } = setUp()
  await ask(['redis', 'database'])
  const [before, now] = [clock.now(), clock.now() + 20_000]
  await clock.advance(20_000)
  others.results = [resultOf('redis', 'shared', now), resultOf('database', 'shared', before)]
  expect(await last(['redis', 'database'])).toEqual(['shared', 'own'])
  others.results = [resultOf('celery', 'shared', now)]
  expect(await last(['celery', 'redis'])).toEqual(['shared', 'own'])
})
