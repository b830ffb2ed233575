import { CheckError } from './check.ts'
import type { Clock } from './clock.ts'

/**
 * Asks, and gives up after `limitMs`. The I/O is aborted and the timer cleared, whatever happens.
 *
 * @throws {CheckError} `timeout`, or what `ask` throws
 */
export async function askWithin<T>(
  clock: Clock,
  limitMs: number,
  ask: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const io = new AbortController()
  const timer = new AbortController()
  const expiry = clock.sleep(limitMs, timer.signal).then((): never => {
    throw new CheckError('timeout', `no answer within ${Math.round(limitMs)} ms`)
  })
  try {
    return await Promise.race([ask(io.signal), expiry])
  } finally {
    timer.abort()
    expiry.catch(() => {})
    io.abort()
  }
}
