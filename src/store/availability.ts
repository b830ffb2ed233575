import type { Clock } from '../core/clock.ts'
import { createThrottle } from '../core/throttle.ts'

/** The first try after a fault is made this many ms later, and each further one after twice as long, up to the second. */
const firstProbeMs = 1000
const maxProbeMs = 60_000
/** The same complaint is repeated after this many ms. */
const repeatEveryMs = 300_000

/** Whether the store can be asked, as this isolate has seen it. */
export interface Availability {
  /** Whether it worked when it was asked last, or was not asked yet. */
  isUp(): boolean
  /** Whether an answer may wait for the store. */
  mayAsk(): boolean
  /** Whether something that no answer waits for may try. */
  mayTry(): boolean
  worked(): void
  /**
   * It could not be asked.
   *
   * @param askedAt when it was, on the monotonic clock: commands that were under way together have failed once
   */
  failed(reason: string, askedAt: number): void
  /** What is in it is not believed; that makes it no less available. */
  distrusted(reason: string): void
}

/**
 * One answer waits for a store that does not answer. The next one that may try waits again: many faults of a network last a
 * moment only, and an isolate that does not ask runs for itself. If that fails too, no answer waits any more: a write in the
 * background finds out when the store is back.
 *
 * @param complain says a reason in the log
 */
export function createAvailability(
  clock: Clock,
  complain: (message: string, reason: string) => void,
): Availability {
  let down: { readonly since: number; readonly probeMs: number } | undefined
  const mayTry = () => down === undefined || clock.monotonic() - down.since >= down.probeMs
  const throttle = createThrottle(clock, repeatEveryMs)
  const complainSeldom = (message: string, reason: string) => {
    if (throttle.isDue(message)) complain(message, reason)
  }
  return {
    isUp: () => down === undefined,
    mayAsk: () => (down === undefined || down.probeMs === firstProbeMs) && mayTry(),
    mayTry,
    worked() {
      down = undefined
    },
    failed(reason, askedAt) {
      if (down === undefined || askedAt > down.since) {
        const probeMs = down ? Math.min(maxProbeMs, 2 * down.probeMs) : firstProbeMs
        down = { since: clock.monotonic(), probeMs }
      }
      complainSeldom('the store cannot be asked; results are not shared', reason)
    },
    distrusted: (reason) => complainSeldom('the shared results are not believed', reason),
  }
}
