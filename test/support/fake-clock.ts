import type { Clock } from '../../src/core/clock.ts'

/** A clock that stands still until it is moved. */
export interface FakeClock extends Clock {
  /** Moves on step by step, waking each sleeper at its time. */
  advance(ms: number): Promise<void>
  /** Moves the wall clock alone, as an administrator would. */
  setBack(ms: number): void
  /** How many timers are running. */
  readonly timers: number
}

/** Lets everything that is ready to go on do so. */
export const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

export function fakeClock(start = 1_795_340_472_000): FakeClock {
  let elapsed = 0
  let shift = 0
  const sleepers = new Set<{ at: number; wake: () => void }>()
  return {
    now: () => start + elapsed - shift,
    monotonic: () => elapsed,
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        const sleeper = {
          at: elapsed + ms,
          wake() {
            sleepers.delete(sleeper)
            resolve()
          },
        }
        if (signal?.aborted) return resolve()
        sleepers.add(sleeper)
        signal?.addEventListener('abort', sleeper.wake, { once: true })
      }),
    async advance(ms) {
      const end = elapsed + ms
      for (;;) {
        await settle()
        const next = [...sleepers].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0]
        if (!next) break
        elapsed = Math.max(elapsed, next.at)
        next.wake()
      }
      elapsed = end
      await settle()
    },
    setBack(ms) {
      shift += ms
    },
    get timers() {
      return sleepers.size
    },
  }
}
