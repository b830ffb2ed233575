import type { Clock } from '../../core/clock.ts'
import type { Timetable } from './timetable.ts'

/** The longest wait at once, in ms: a timer takes at most 24.8 days, and knows nothing of a clock that was set meanwhile. */
const maxWaitMs = 3_600_000

/**
 * Runs at every time of the timetable until the signal aborts. Two runs never overlap: a time that comes during a run is left out.
 *
 * @param run must not reject
 * @returns when the signal has aborted and the run that was under way has ended
 */
export async function runByTimetable(
  timetable: Timetable,
  run: () => Promise<void>,
  { clock, signal }: { readonly clock: Clock; readonly signal: AbortSignal },
): Promise<void> {
  while (!signal.aborted) {
    const dueAt = timetable(clock.now())
    while (!signal.aborted && clock.now() < dueAt) {
      await clock.sleep(Math.min(maxWaitMs, dueAt - clock.now()), signal)
    }
    if (!signal.aborted) await run()
  }
}
