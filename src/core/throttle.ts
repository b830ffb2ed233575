import type { Clock } from './clock.ts'

interface Throttle {
  /** Whether the key may pass; once it has, it may not for a while. */
  isDue(key: string): boolean
  /** It did not get through after all, so it may pass again at once. */
  forget(key: string): void
}

/**
 * Lets each key through once in `everyMs`, and remembers none for longer. After a clock was set back it lets one
 * through too often rather than none for as long as the clock was wrong.
 */
export function createThrottle(clock: Clock, everyMs: number): Throttle {
  const passedAt = new Map<string, number>()
  return {
    isDue(key) {
      const now = clock.now()
      for (const [other, at] of passedAt) if (now < at || now - at >= everyMs) passedAt.delete(other)
      if (passedAt.has(key)) return false
      passedAt.set(key, now)
      return true
    },
    forget: (key) => void passedAt.delete(key),
  }
}
