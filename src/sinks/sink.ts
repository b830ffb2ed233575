import type { Result } from '../check.ts'
import type { Identity } from '../report.ts'

/** A run that has ended; its details are scrubbed, the causes of its results are not. */
export interface EndedRun extends Identity {
  readonly trigger: 'request' | 'cron'
  readonly results: readonly Result[]
}

/** Is told after a run, when no answer waits for it. */
export interface Sink {
  readonly name: string
  /** May take its time and may reject; neither reaches the answer. */
  report(run: EndedRun): void | Promise<void>
}
