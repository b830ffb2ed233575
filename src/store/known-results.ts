import type { Result } from '../core/check.ts'
import type { Clock } from '../core/clock.ts'

/** The newest result of each check that this isolate knows, its own or another one's. */
export interface KnownResults {
  of(check: string): Result | undefined
  keep(results: Iterable<Result>): void
  /** Those of these checks, without results of the future, which a clock that was ahead and is set back leaves. */
  past(checks: readonly string[]): Result[]
}

export function createKnownResults(clock: Clock): KnownResults {
  const known = new Map<string, Result>()
  return {
    of: (check) => known.get(check),
    keep(results) {
      const now = clock.now()
      // One of a wrong clock's future would be written instead of what is found until then, and then pass for new.
      const since = (result: Result | undefined) => (result && result.timestamp <= now ? result.timestamp : 0)
      for (const result of results) {
        const at = since(result)
        if (!result.isCutShort && at > 0 && at >= since(known.get(result.checker)))
          known.set(result.checker, result)
      }
    },
    past(checks) {
      const now = clock.now()
      return checks.flatMap((check) => known.get(check) ?? []).filter(({ timestamp }) => timestamp <= now)
    },
  }
}
