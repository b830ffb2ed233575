import { sessionFault } from '../session-fault.ts'
import { untilAborted } from '../until-aborted.ts'

/** What a driver answers while the signal has not aborted; what it throws, and the end of the time, as a fault. */
export function inTime<T>(signal: AbortSignal, ask: () => Promise<T>): Promise<T> {
  const asFault = (error: unknown): never => {
    throw sessionFault(error, signal)
  }
  return untilAborted(
    signal,
    () => ask().catch(asFault),
    () => sessionFault(signal.reason, signal),
  )
}
