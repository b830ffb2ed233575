import { type Clock, systemClock } from '../core/clock.ts'
import type { Scrub } from '../core/scrub.ts'
import { thrownText } from '../core/thrown-text.ts'
import type { Log } from './log.ts'
import type { Sink } from './notifier.ts'

/** Tells every sink; one that throws or rejects keeps nothing from the others, and nothing from the caller. */
export type Tell = (deliver: (sink: Sink) => void | Promise<void>) => Promise<void>

export function createTell(sinks: readonly Sink[], log: Log, scrub: Scrub, clock: Clock = systemClock): Tell {
  return async (deliver) => {
    // Lets the answer leave first: what an SDK does before its first I/O would hold it up.
    await clock.sleep(0)
    await Promise.all(
      sinks.map(async (sink) => {
        try {
          await deliver(sink)
        } catch (error) {
          log('error', `bug in the sink ${sink.name}`, { reason: scrub(thrownText(error)) })
        }
      }),
    )
  }
}
