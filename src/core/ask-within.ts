import { CheckError } from './check.ts'
import type { Clock } from './clock.ts'
import { ended } from './ended.ts'

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
  // Ends the timer too: an abort is a noticeable part of what a check costs.
  const io = new AbortController()
  try {
    const answering = ask(io.signal).then((value) => ({ value }))
    const answer = await Promise.race([answering, clock.sleep(limitMs, io.signal)])
    if (!answer) throw new CheckError('timeout', `no answer within ${Math.round(limitMs)} ms`)
    return answer.value
  } finally {
    io.abort(ended)
  }
}
