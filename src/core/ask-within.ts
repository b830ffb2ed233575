import { CheckError } from './check.ts'
import type { Clock } from './clock.ts'

/** Made once: an exception of its own for each abort, with its stack, costs more than the abort. */
const ended = new DOMException('the time for this has ended', 'AbortError')

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
  const expiry = clock.sleep(limitMs, timer.signal).then(() => io)
  try {
    const answer = await Promise.race([ask(io.signal), expiry])
    if (answer === io) throw new CheckError('timeout', `no answer within ${Math.round(limitMs)} ms`)
    return answer as T
  } finally {
    timer.abort(ended)
    io.abort(ended)
  }
}
