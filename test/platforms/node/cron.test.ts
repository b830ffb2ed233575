import { expect, it } from 'vitest'
import { systemClock } from '../../../src/core/clock.ts'
import { runByTimetable } from '../../../src/platforms/node/cron.ts'

/** A clock that is at the end of a wait at once. */
function leapingClock() {
  let now = 0
  const waits: number[] = []
  const sleep = async (ms: number) => {
    waits.push(ms)
    now += ms
  }
  const pass = (ms: number) => {
    now += ms
  }
  return { waits, pass, clock: { ...systemClock, now: () => now, sleep } }
}

const minute = 60_000
const everyMinute = (now: number) => (Math.floor(now / minute) + 1) * minute

it('runs at each time, never two runs at once, and leaves out the times that a run took', async () => {
  const { clock, pass } = leapingClock()
  const stop = new AbortController()
  const begun: number[] = []
  let running = 0
  const run = async () => {
    running += 1
    expect(running).toBe(1)
    begun.push(clock.now() / minute)
    await Promise.resolve()
    if (begun.length === 2) pass(2.5 * minute)
    if (begun.length === 4) stop.abort()
    running -= 1
  }
  await runByTimetable(everyMinute, run, { clock, signal: stop.signal })
  expect(begun).toEqual([1, 2, 5, 6])
})

it('waits in steps that a timer can take', async () => {
  const { clock, waits } = leapingClock()
  const stop = new AbortController()
  const run = async () => stop.abort()
  const inAYear = () => 365 * 24 * 60 * minute
  await runByTimetable(inAYear, run, { clock, signal: stop.signal })
  expect(Math.max(...waits)).toBe(60 * minute)
  expect(waits).toHaveLength(365 * 24)
})

it('runs no more when it is stopped while it waits', async () => {
  const stop = new AbortController()
  const ended = runByTimetable(
    () => Date.now() + minute,
    () => expect.unreachable(),
    { clock: systemClock, signal: stop.signal },
  )
  stop.abort()
  await ended
})
