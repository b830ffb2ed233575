/** Of several results of a check, which one an isolate goes on with. */
import { expect, it } from 'vitest'
import type { Result } from '../../src/core/check.ts'
import { createKnownResults } from '../../src/store/known-results.ts'
import { fakeClock } from '../support/fake-clock.ts'

function setUp() {
  const clock = fakeClock()
  /** By how many ms our clock is ahead of the server's, of each output. */
  const ahead: Record<string, number> = {}
  const known = createKnownResults(clock, {
    toServer: (result) => ({ ...result, timestamp: result.timestamp - (ahead[result.output] ?? 0) }),
  })
  const keep = (output: string, atMs: number, more: Partial<Result> = {}) => {
    const timestamp = clock.now() + atMs
    const times = { timestamp, expires: timestamp + 1000, responseTime: 1 }
    known.keep([{ checker: 'redis', status: 'pass', code: 'ok', output, ...times, ...more }])
  }
  return { clock, ahead, known, keep, output: () => known.of('redis')?.output }
}

it('is the newest one, whatever came last, and of two of the same moment the last', () => {
  const { keep, output } = setUp()
  keep('first', -10)
  keep('older', -11)
  expect(output()).toBe('first')
  keep('the same moment', -10)
  expect(output()).toBe('the same moment')
  keep('newer', 0)
  keep('older than that of this moment', -1)
  expect(output()).toBe('newer')
})

it.each<[string, number, Partial<Result>]>([
  ['that a deadline cut short', 0, { isCutShort: true }],
  ['of the future', 1, {}],
  ['without a time', 0, { timestamp: 0 }],
  ['of a time that cannot be', 0, { timestamp: -5 }],
])('is none %s', (_, atMs, more) => {
  const { keep, output } = setUp()
  keep('not kept', atMs, more)
  expect(output()).toBeUndefined()
})

it('is one of now where the clock was set back, which makes the last one of the future', () => {
  const { clock, known, keep, output } = setUp()
  keep('of the future by now', 0)
  clock.setBack(60_000)
  expect(known.past(['redis'])).toEqual([])
  keep('of now', 0)
  expect(output()).toBe('of now')
  expect(known.past(['redis', 'celery']).map((result) => result.output)).toEqual(['of now'])
})

it('is the newest one by the clock of the server', () => {
  const { ahead, keep, output } = setUp()
  ahead['by a clock that is ahead'] = 20
  keep('by a clock that is ahead', -5)
  keep('by the same clock as the server', -10)
  expect(output()).toBe('by the same clock as the server')
})

it('is also one of this very moment among those of the past', () => {
  const { known, keep } = setUp()
  keep('now', 0)
  expect(known.past(['redis'])).toHaveLength(1)
})
