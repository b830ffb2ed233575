import { sessionFault } from '../session-fault.ts'

/** What a driver answers while the signal has not aborted; what it throws, and the end of the time, as a fault. */
export function inTime<T>(signal: AbortSignal, ask: () => Promise<T>): Promise<T> {
  const fault = (error: unknown) => sessionFault(error, signal)
  return new Promise((resolve, reject) => {
    const abort = () => reject(fault(signal.reason))
    if (signal.aborted) return abort()
    signal.addEventListener('abort', abort, { once: true })
    ask()
      .then(resolve, (error) => reject(fault(error)))
      .finally(() => signal.removeEventListener('abort', abort))
  })
}
