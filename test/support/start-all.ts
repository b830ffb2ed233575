/** What was started and has to be closed. */
export interface Closable {
  close(): unknown
}

/**
 * Waits for parts that start at once. When one of them cannot be started, the others are closed.
 *
 * @throws the error of the first in the list that could not be started
 */
export async function startAll<T extends readonly Closable[]>(
  starting: readonly [...{ [Index in keyof T]: Promise<T[Index]> }],
): Promise<T> {
  const settled = await Promise.allSettled<Closable>(starting)
  const failed = settled.find((part) => part.status === 'rejected')
  if (!failed) return settled.map((part) => (part as PromiseFulfilledResult<Closable>).value) as never
  await Promise.allSettled(settled.map(async (part) => part.status === 'fulfilled' && part.value.close()))
  throw failed.reason
}
