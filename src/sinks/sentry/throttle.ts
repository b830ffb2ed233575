import type { Clock } from '../../clock.ts'

/**
 * Lets each key through once in `everyMs`, and remembers none for longer. After a clock was set back it lets one
 * through too often rather than none for as long as the clock was wrong.
 */
export function createThrottle(clock: Clock, everyMs: number): (key: string) => boolean {
  const passedAt = new Map<string, number>()
  return (key) => {
    const now = clock.now()
    for (const [other, at] of passedAt) if (now < at || now - at >= everyMs) passedAt.delete(other)
    if (passedAt.has(key)) return false
    passedAt.set(key, now)
    return true
  }
}
