/** Time as the core sees it, so that a test can own it. */
export interface Clock {
  /** Epoch milliseconds. */
  now(): number
  /** Milliseconds that never go backwards, with fractions where the platform has them. */
  monotonic(): number
  /** Resolves after `ms`, or at once when the signal aborts; its timer never outlives either. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
}

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  sleep: (ms, signal) =>
    new Promise((resolve) => {
      if (signal?.aborted) return resolve()
      const end = () => {
        clearTimeout(timer)
        signal?.removeEventListener('abort', end)
        resolve()
      }
      const timer = setTimeout(end, ms)
      signal?.addEventListener('abort', end, { once: true })
    }),
}
