import type { Result } from '../../core/check.ts'
import type { Format } from './format.ts'

/**
 * `application/health+json`, draft-inadarei-api-health-check-06
 * (https://datatracker.ietf.org/doc/html/draft-inadarei-api-health-check-06). `code` and `expires` are keys of our own, which
 * section 4 allows; `details` are for a caller with the token.
 */
export const healthJson: Format = {
  contentType: 'application/health+json',
  render(report, withDetails) {
    const checks = report.results.map((result) => [
      `${result.checker}:responseTime`,
      [measurement(result, withDetails)],
    ])
    return JSON.stringify({
      status: report.status,
      releaseId: report.release,
      serviceId: report.hostname,
      ...(checks.length > 0 && { checks: Object.fromEntries(checks) }),
    })
  },
}

const datastores: readonly string[] = ['database', 'redis']

function measurement(result: Result, withDetails: boolean) {
  return {
    componentType: datastores.includes(result.checker) ? 'datastore' : 'component',
    observedValue: Math.round(result.responseTime * 1000) / 1000,
    observedUnit: 'ms',
    status: result.status,
    time: new Date(result.timestamp).toISOString(),
    // "This field SHOULD be omitted for "pass" state of a service" (section 4.9).
    ...(result.status !== 'pass' && { output: result.output }),
    code: result.code,
    expires: new Date(result.expires).toISOString(),
    ...(withDetails && result.details && { details: result.details }),
  }
}
