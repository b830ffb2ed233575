import type { Clock } from '../clock.ts'

/**
 * The same moment on the clock that nobody sets, in ms.
 *
 * @param at epoch ms
 */
export const monotonicAt = (at: number, clock: Clock): number => clock.monotonic() + at - clock.now()

/**
 * How many ms are left until a deadline, measured on the clock that nobody sets: while a request waits the other one may be set
 * back, and the request would wait for as long, or forward, and it would give up at once.
 *
 * @param deadlineAt epoch ms
 */
export function leftUntil(deadlineAt: number, clock: Clock): () => number {
  const endAt = monotonicAt(deadlineAt, clock)
  return () => endAt - clock.monotonic()
}
