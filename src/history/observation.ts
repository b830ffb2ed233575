import type { Result, Status } from '../core/check.ts'

/** What one run found of one check. */
export interface Observation {
  readonly check: string
  /** Epoch ms. */
  readonly at: number
  readonly status: Status
  readonly code: string
  /** The public sentence. */
  readonly output: string
  /** Milliseconds, without fractions. */
  readonly responseMs: number
  /** Who answered; empty when unknown. */
  readonly release: string
  /** Whether a maintenance window was open. */
  readonly isMaintenance: boolean
  /** The check whose fault this one repeats; empty when it is its own. */
  readonly causedBy: string
}

export function toObservation(
  { checker, timestamp, status, code, output, responseTime, causedBy = '' }: Result,
  { release = '', isMaintenance = false }: { release?: string | undefined; isMaintenance?: boolean },
): Observation {
  return {
    check: checker,
    at: Math.round(timestamp),
    status,
    code,
    output,
    responseMs: Math.round(responseTime),
    release: release.slice(0, 64),
    isMaintenance,
    causedBy,
  }
}

/** The same order for the same observations, however they came; of two at the same moment the worse is the later one. */
export function compareObservations(a: Observation, b: Observation): number {
  return (
    a.at - b.at ||
    severity[a.status] - severity[b.status] ||
    compareTexts(JSON.stringify(a), JSON.stringify(b))
  )
}

const severity: Readonly<Record<Status, number>> = { pass: 0, warn: 1, fail: 2 }
const compareTexts = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)
