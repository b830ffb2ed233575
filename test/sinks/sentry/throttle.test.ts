import { expect, it } from 'vitest'
import { createThrottle } from '../../../src/sinks/sentry/throttle.ts'
import { fakeClock } from '../../support/fake-clock.ts'

it('lets each key through once, and again when its time is over', async () => {
  const clock = fakeClock()
  const allows = createThrottle(clock, 300_000)
  expect([allows('database timeout'), allows('database timeout'), allows('redis timeout')]).toEqual([
    true,
    false,
    true,
  ])
  await clock.advance(299_999)
  expect(allows('database timeout')).toBe(false)
  await clock.advance(1)
  expect([allows('database timeout'), allows('database timeout')]).toEqual([true, false])
})

it('stays silent for no longer when the clock is set back', () => {
  const clock = fakeClock()
  const allows = createThrottle(clock, 300_000)
  allows('key')
  clock.setBack(86_400_000)
  expect([allows('key'), allows('key')]).toEqual([true, false])
})
