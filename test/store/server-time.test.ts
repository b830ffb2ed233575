import { describe, expect, it } from 'vitest'
import type { Result } from '../../src/core/check.ts'
import { createServerTime } from '../../src/store/server-time.ts'
import { fakeClock } from '../support/fake-clock.ts'

const result = (timestamp: number): Result => ({
  checker: 'redis',
  status: 'pass',
  code: 'ok',
  output: 'redis ok',
  timestamp,
  expires: timestamp + 27_000,
  responseTime: 1,
})
const toSecond = (ms: number) => Math.floor(ms / 1000) * 1000

describe('times of results by the clock of the server', () => {
  it.each([-30_000, -3600, 4100, 30_000])(
    'bring isolates together that are %i ms apart, to the second',
    (apartMs) => {
      const [right, wrong] = [fakeClock(), fakeClock()]
      wrong.setBack(apartMs)
      const [there, here] = [createServerTime(right), createServerTime(wrong)]
      for (const each of [there, here]) each.observe(toSecond(right.now()))
      const taken = here.fromServer(there.toServer(result(right.now() - 5000)))
      expect(Math.abs(taken.timestamp - (wrong.now() - 5000))).toBeLessThanOrEqual(1000)
      expect(taken.expires - taken.timestamp).toBe(27_000)
      const given = there.fromServer(here.toServer(result(wrong.now() - 5000)))
      expect(Math.abs(given.timestamp - (right.now() - 5000))).toBeLessThanOrEqual(1000)
    },
  )

  it('leave results as they are while the clocks agree to 2 s, but none is in the future', () => {
    const clock = fakeClock()
    const time = createServerTime(clock)
    time.observe(toSecond(clock.now()) - 1000)
    expect(time.fromServer(result(clock.now() - 100))).toEqual(result(clock.now() - 100))
    expect(time.fromServer(result(clock.now() + 1500))).toEqual(result(clock.now()))
  })

  it('do not make results of today of those that are far in the future', () => {
    const clock = fakeClock()
    const time = createServerTime(clock)
    expect(time.fromServer(result(clock.now() + 30_000))).toEqual(result(clock.now() + 30_000))
    time.observe(clock.now() + 86_400_000)
    expect(time.fromServer(result(clock.now() + 86_400_000))).toEqual(result(clock.now() + 86_400_000))
    time.observe(undefined)
    expect(time.toServer(result(clock.now()))).toEqual(result(clock.now()))
  })
})
