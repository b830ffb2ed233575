import type { Result, Status } from './check.ts'

/** All results of one answer, with what the answer says about itself. */
export interface Report {
  readonly passed: boolean
  /** The worst status of the results. */
  readonly status: Status
  /** Epoch ms of the answer. */
  readonly timestamp: number
  readonly hostname: string
  readonly release?: string
  readonly results: readonly Result[]
}

/** Who answers, and which release of it. */
export interface Identity {
  readonly hostname: string
  readonly release?: string | undefined
}

/** `health-check` of `health-check/fra`. */
export const serviceOf = (hostname: string): string => hostname.split('/')[0] ?? ''

/** The overall status of these results; of none of them, pass. */
export function worst(results: readonly Result[]): Status {
  return (
    (['fail', 'warn'] as const).find((status) => results.some((result) => result.status === status)) ?? 'pass'
  )
}

/** A warning counts as passed: it is for people to read, not for a monitor to page. */
export function toReport(results: readonly Result[], identity: Identity, now: number): Report {
  const status = worst(results)
  return {
    passed: status !== 'fail',
    status,
    timestamp: now,
    hostname: identity.hostname,
    ...(identity.release === undefined ? {} : { release: identity.release }),
    results,
  }
}
