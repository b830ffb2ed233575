import { onTestFinished, vi } from 'vitest'
import { systemClock } from '../../src/core/clock.ts'

/**
 * For a test of something else than time: for the product time passes this many times more slowly until the test has ended, so that
 * its limits, of which some are a few hundred ms and cannot be set, are long enough on a busy machine. The time of day is the real one, and so
 * is the time of `AbortSignal.timeout`, which notifiers use.
 */
export function stretchLimits(factor: number): void {
  const { monotonic, sleep } = systemClock
  const spies = [
    vi.spyOn(systemClock, 'monotonic').mockImplementation(() => monotonic() / factor),
    vi.spyOn(systemClock, 'sleep').mockImplementation((ms, signal) => sleep(ms * factor, signal)),
  ]
  onTestFinished(() => {
    for (const spy of spies) spy.mockRestore()
  })
}
