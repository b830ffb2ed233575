/** Runs something as a run does, whose signal aborts at its end. */
export async function inRun<T>(use: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController()
  try {
    return await use(controller.signal)
  } finally {
    controller.abort()
  }
}
