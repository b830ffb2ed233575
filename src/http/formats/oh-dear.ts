import { timingSafeEqual } from 'hono/utils/buffer'
import type { Result, Status } from '../../core/check.ts'
import type { Format } from './format.ts'

/** Oh Dear shows no more results than this (https://ohdear.app/docs/features/application-health-monitoring). */
const maxResults = 50

const statuses = { pass: 'ok', warn: 'warning', fail: 'failed' } as const
const summaries = { warn: 'a check warns', fail: 'a check fails' } as const

/**
 * What Oh Dear's application health monitoring reads: all six keys of a result, and 200 also when a check fails
 * (`src/CheckResults.php` and `src/CheckResult.php` of ohdearapp/health-check-results). `finishedAt` is that of the oldest
 * result, in whole seconds, since Oh Dear reports results that are too old.
 */
export const ohDear: Format = {
  contentType: 'application/json',
  always200: true,
  render(report) {
    const { results, timestamp, status } = report
    const shown = results.slice(0, maxResults).map(toCheckResult)
    return JSON.stringify({
      finishedAt: Math.floor(Math.min(timestamp, ...results.map((result) => result.timestamp)) / 1000),
      // Oh Dear reads the results alone: without any, what is hidden could never fail.
      checkResults: shown.length > 0 ? shown : [overallResult(status)],
    })
  },
}

/** What all checks together say, where none may be named. */
function overallResult(status: Status) {
  return {
    name: 'health',
    label: 'health',
    notificationMessage: status === 'pass' ? '' : summaries[status],
    shortSummary: status,
    status: statuses[status],
    meta: {},
  }
}

function toCheckResult({ checker, status, code, output, responseTime }: Result) {
  return {
    name: checker,
    label: checker,
    notificationMessage: status === 'pass' ? '' : output,
    shortSummary: code,
    // The check itself is broken, and says nothing of what it watches.
    status: code === 'error' ? 'crashed' : statuses[status],
    meta: { response_time_ms: Math.round(responseTime) },
  }
}

/**
 * Whether the request has the secret that Oh Dear was given, in its own header; everything has it where none is configured.
 * The header is that of spatie/laravel-health (`src/Http/Middleware/RequiresSecretToken.php`: `oh-dear-health-check-secret`).
 */
export async function knowsOhDearSecret(request: Request, secret: string | undefined): Promise<boolean> {
  if (secret === undefined) return true
  return timingSafeEqual(secret, request.headers.get('oh-dear-health-check-secret') ?? '')
}
