import { type Clock, systemClock } from '../core/clock.ts'
import type { Scrub } from '../core/scrub.ts'
import { thrownText } from '../core/thrown-text.ts'
import type { Log } from './log.ts'
import type { Notifier } from './notifier.ts'

/** Calls every notifier. One that throws or rejects stops neither the others nor the caller. */
export type Notify = (deliver: (notifier: Notifier) => void | Promise<void>) => Promise<void>

export function createNotify(
  notifiers: readonly Notifier[],
  log: Log,
  scrub: Scrub,
  clock: Clock = systemClock,
): Notify {
  return async (deliver) => {
    // Lets the answer leave first: what an SDK does before its first I/O would hold it up.
    await clock.sleep(0)
    await Promise.all(
      notifiers.map(async (notifier) => {
        try {
          await deliver(notifier)
        } catch (error) {
          log('error', `bug in the notifier ${notifier.name}`, { reason: scrub(thrownText(error)) })
        }
      }),
    )
  }
}
