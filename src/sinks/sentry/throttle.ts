import type { Clock } from '../../clock.ts'

/** Lets each key through once in `everyMs`. It remembers no key for longer than that. */
export function createThrottle(clock: Clock, everyMs: number): (key: string) => boolean {
  const passedAt = new Map<string, number>()
  return (key) => {
    const now = clock.monotonic()
    for (const [other, at] of passedAt) if (now - at >= everyMs) passedAt.delete(other)
    if (passedAt.has(key)) return false
    passedAt.set(key, now)
    return true
  }
}
