import type { Observation } from '../../history/observation.ts'

export type AlertKind = 'fired' | 'resolved' | 'reminder' | 'flapping'

/** What is being said of a check, or was said last; kept in the store. */
export interface Alert {
  readonly kind: AlertKind
  /** The same for every delivery of the same event. */
  readonly id: string
  /** Since when the check is bad, in epoch ms. */
  readonly since: number
  /** When it was decided, in epoch ms. */
  readonly at: number
  /** Channels that have taken this event. */
  readonly done: readonly string[]
  /** Channels that know that the check is bad. */
  readonly notified: readonly string[]
}

/** By check. */
export type Alerts = ReadonlyMap<string, Alert>

export interface AlertRules {
  /** How many bad runs in a row fire. */
  readonly after: number
  /** How many good runs in a row resolve. */
  readonly resolveAfter: number
  /** After how many ms without a message a check that is still bad is said again; undefined: never. */
  readonly remindAfterMs: number | undefined
  /** Whether a warning is bad too. */
  readonly warnings: boolean
}

/** An event with what a message says of it. */
export interface AlertEvent extends Alert {
  readonly check: string
  readonly service: string
  /** The last result. */
  readonly last: Observation
  /** The release before the check became bad, where it is another one. */
  readonly releaseBefore: string
  /** What differs, the worst first; empty for a check that compares nothing. */
  readonly findings: readonly string[]
}
