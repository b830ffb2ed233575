import { CheckError } from '../core/check.ts'
import type { Clock } from '../core/clock.ts'
import { PostgresError } from './postgres-fault.ts'

/** How long to wait before a query is sent once more, in ms: a compute that wakes up needs the time. */
const retryAfterMs = 250

/** Sends again what met a passing fault, once in all. */
export function createRetryOnce(
  clock: Clock,
  signal: AbortSignal,
): <T>(send: () => Promise<T>) => Promise<T> {
  let hasRetried = false
  return async (send) => {
    try {
      return await send()
    } catch (error) {
      if (hasRetried || !isTransient(error)) throw error
      hasRetried = true
      await clock.sleep(retryAfterMs, signal)
      if (signal.aborted) throw error
    }
    return send()
  }
}

/** A refused or broken connection counts: a proxy in front of a sleeping compute may do either. */
function isTransient(error: unknown): boolean {
  if (error instanceof PostgresError) return error.transient
  return error instanceof CheckError && error.code === 'unreachable'
}
