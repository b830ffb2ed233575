import { type Clock, systemClock } from '../clock.ts'
import type { Scrub } from '../scrub.ts'
import type { Log } from './log.ts'
import type { Sink } from './sink.ts'
import { thrownText } from './thrown-text.ts'

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
