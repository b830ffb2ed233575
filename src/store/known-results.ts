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

export function createKnownResults(
  clock: Clock,
  { toServerMs }: Pick<ServerTime, 'toServerMs'>,
): KnownResults {
  /** With the server's time of each, in epoch ms: our clock may be set between two of them. */
  const known = new Map<string, { readonly result: Result; readonly at: number }>()
  return {
    of: (check) => known.get(check)?.result,
    keep(results) {
      const now = clock.now()
      for (const result of results) {
        // One of a wrong clock's future would be written instead of what is found until then, and then pass for new.
        if (result.isCutShort || result.timestamp <= 0 || result.timestamp > now) continue
        const at = toServerMs(result.timestamp)
        const last = known.get(result.checker)
        if (!last || last.result.timestamp > now || at >= last.at) known.set(result.checker, { result, at })
      }
    },
    past(checks) {
      const now = clock.now()
      return checks
        .flatMap((check) => known.get(check)?.result ?? [])
        .filter(({ timestamp }) => timestamp <= now)
    },
  }
}
