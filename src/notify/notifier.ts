import type { Result } from '../core/check.ts'
import type { Identity } from '../core/report.ts'

/** A run that has ended; its details are scrubbed, the causes of its results are not. */
export interface EndedRun extends Identity {
  readonly trigger: 'request' | 'cron'
  readonly results: readonly Result[]
}

/** One call by the cron trigger. */
export interface CronRun extends Identity {
  /** The trigger's own schedule as its platform writes it; undefined when the platform does not say. */
  readonly schedule: string | undefined
  /** What stands for Sunday in it, where it is a crontab. [1, as on Cloudflare] */
  readonly sunday?: 0 | 1
}

export interface EndedCronRun extends CronRun {
  readonly passed: boolean
  /** Every check's, those that the cache remembered too; none when the run could not be made. */
  readonly results: readonly Result[]
  /** Milliseconds since the trigger called. */
  readonly durationMs: number
}

/** Called at the end of a cron run. Resolves to a few words for the log on what became of the delivery. Never rejects. */
export type NotifyEnd = (end: EndedCronRun) => Promise<string>

/**
 * Called when no answer waits for it. What it returns may take its time and may reject; neither reaches an answer.
 * A promise stands for the delivery, so a platform that has to wait for deliveries waits for that.
 */
export interface Notifier {
  readonly name: string
  /** A run has ended. Results that the cache repeats are not a run. */
  report?(run: EndedRun): void | Promise<void>
  /** A bug of our own that is not the result of any check. */
  bug?(error: unknown, identity: Identity): void | Promise<void>
  /** The cron trigger has called; the run does not wait. */
  begin?(cronRun: CronRun): NotifyEnd
}
