/**
 * What `ask` settles to, or a rejection as soon as the signal aborts: a server that is frozen holds nothing. After the signal
 * has aborted nothing is asked.
 *
 * @param faultOf makes the error for the end of the time
 */
export function untilAborted<T>(
  signal: AbortSignal,
  ask: () => Promise<T>,
  faultOf: () => unknown,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(faultOf())
    if (signal.aborted) return abort()
    signal.addEventListener('abort', abort, { once: true })
    ask()
      .then(resolve, reject)
      .finally(() => signal.removeEventListener('abort', abort))
  })
}
