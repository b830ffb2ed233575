import type { Result } from './check.ts'

/** All results of one answer, with what the answer says about itself. */
export interface Report {
  readonly passed: boolean
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

/** A warning counts as passed: it is for people to read, not for a monitor to page. */
export function toReport(results: readonly Result[], identity: Identity, now: number): Report {
  return {
    passed: results.every((result) => result.status !== 'fail'),
    timestamp: now,
    hostname: identity.hostname,
    ...(identity.release === undefined ? {} : { release: identity.release }),
    results,
  }
}

/** 200, or the configured status when a check fails. */
export function httpStatus(report: Report, failedStatus: number): number {
  return report.passed ? 200 : failedStatus
}

/** Epoch ms to the epoch seconds of the contract, to the millisecond. */
const seconds = (ms: number): number => Math.round(ms) / 1000

/** The fields before the results, in the contract's order; `/live` answers just these. */
export function heading(passed: boolean, identity: Identity, now: number) {
  return {
    status: passed ? 'success' : 'failure',
    timestamp: seconds(now),
    hostname: identity.hostname,
    ...(identity.release === undefined ? {} : { release: identity.release }),
  }
}

/**
 * The body of the answer. Names, order, types and units are those of Runscope healthcheck
 * (`healthcheck/healthcheck.py` of py-healthcheck): times in epoch seconds, `response_time` in seconds.
 *
 * @param withDetails only for a caller who showed the token
 */
export function toBody(report: Report, withDetails: boolean) {
  return {
    ...heading(report.passed, report, report.timestamp),
    results: report.results.map((result) => ({
      checker: result.checker,
      output: result.output,
      passed: result.status !== 'fail',
      status: result.status,
      code: result.code,
      timestamp: seconds(result.timestamp),
      expires: seconds(result.expires),
      response_time: Math.round(result.responseTime * 1000) / 1e6,
      ...(withDetails && result.details ? { details: result.details } : {}),
    })),
  }
}
