import type { Sink } from './sink.ts'

/**
 * Tells every sink; one that throws or rejects keeps nothing from the others, and nothing from the caller.
 *
 * @param deliver what the sink is told
 * @param onFault is given what a sink threw
 */
export async function tell(
  sinks: readonly Sink[],
  deliver: (sink: Sink) => void | Promise<void>,
  onFault: (sink: Sink, error: unknown) => void,
): Promise<void> {
  await Promise.all(
    sinks.map(async (sink) => {
      try {
        await deliver(sink)
      } catch (error) {
        onFault(sink, error)
      }
    }),
  )
}
