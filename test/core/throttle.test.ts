import { expect, it } from 'vitest'
import { createThrottle } from '../../src/core/throttle.ts'
import { fakeClock } from '../support/fake-clock.ts'

it('lets each key through once, and again when its time is over', async () => {
  const clock = fakeClock()
  const throttle = createThrottle(clock, 300_000)
  expect([
    throttle.isDue('database timeout'),
    throttle.isDue('database timeout'),
    throttle.isDue('redis timeout'),
  ]).toEqual([true, false, true])
  await clock.advance(299_999)
  expect(throttle.isDue('database timeout')).toBe(false)
  await clock.advance(1)
  expect([throttle.isDue('database timeout'), throttle.isDue('database timeout')]).toEqual([true, false])
})

it('stays silent for no longer when the clock is set back', () => {
  const clock = fakeClock()
  const throttle = createThrottle(clock, 300_000)
  throttle.isDue('key')
  clock.setBack(86_400_000)
  expect([throttle.isDue('key'), throttle.isDue('key')]).toEqual([true, false])
})

it('lets a key through at once that did not get through, and no other', () => {
  const throttle = createThrottle(fakeClock(), 300_000)
  for (const key of ['database timeout', 'redis timeout']) throttle.isDue(key)
  throttle.forget('database timeout')
  expect([throttle.isDue('database timeout'), throttle.isDue('redis timeout')]).toEqual([true, false])
  expect(throttle.isDue('database timeout')).toBe(false)
})
