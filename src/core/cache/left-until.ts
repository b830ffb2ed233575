import type { Clock } from '../clock.ts'

/**
 * How many ms are left until a moment, measured on the clock that nobody sets: while a request waits for its deadline the other
 * one may be set back, and the request would wait for as long, or forward, and it would give up at once.
 *
 * @param at epoch ms
 */
export function leftUntil(at: number, clock: Clock): () => number {
  const endAt = clock.monotonic() + at - clock.now()
  return () => endAt - clock.monotonic()
}
