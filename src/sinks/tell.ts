import type { EndedRun, Sink } from './sink.ts'

/** Tells every sink; one that throws or rejects keeps nothing from the others, and nothing from the caller. */
export async function tell(sinks: readonly Sink[], run: EndedRun): Promise<void> {
  await Promise.allSettled(sinks.map(async (sink) => sink.report(run)))
}
