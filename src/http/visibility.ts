import type { Report } from '../core/report.ts'

/**
 * What a caller without the token sees (HEALTH_PUBLIC): every result, only whether all is well, or nothing at all. `/live`
 * is apart.
 */
export type Visibility = 'results' | 'status' | 'none'

/** Whether this caller sees checks, and not only whether all is well. */
export const seesChecks = (visibility: Visibility, maySee: boolean): boolean =>
  visibility === 'results' || maySee

/** The report as this caller may see it. */
export function visibleReport(report: Report, visibility: Visibility, maySee: boolean): Report {
  return seesChecks(visibility, maySee) ? report : { ...report, results: [] }
}
