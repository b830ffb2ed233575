import type { Result } from '../core/check.ts'
import type { Clock } from '../core/clock.ts'
import type { ServerTime } from './server-time.ts'

/** The newest result of each check that this isolate knows, its own or another one's. */
export interface KnownResults {
  of(check: string): Result | undefined
  keep(results: Iterable<Result>): void
  /** Those of these checks, without results of the future, which a clock that was ahead and is set back leaves. */
  past(checks: readonly string[]): Result[]
}

export function createKnownResults(clock: Clock, { toServer }: Pick<ServerTime, 'toServer'>): KnownResults {
  const known = new Map<string, Result>()
  // By the server's clock: ours may be set between two of them, and what was found before the server's was known has to be
  // compared by what is known of it now.
  const foundAt = (result: Result) => toServer(result).timestamp
  return {
    of: (check) => known.get(check),
    keep(results) {
      const now = clock.now()
      for (const result of results) {
        // One of a wrong clock's future would be written instead of what is found until then, and then pass for new.
        if (result.isCutShort || result.timestamp <= 0 || result.timestamp > now) continue
        const last = known.get(result.checker)
        if (!last || last.timestamp > now || foundAt(result) >= foundAt(last))
          known.set(result.checker, result)
      }
    },
    past(checks) {
      const now = clock.now()
      return checks.flatMap((check) => known.get(check) ?? []).filter(({ timestamp }) => timestamp <= now)
    },
  }
}
