import type { Result } from '../core/check.ts'
import type { Identity, Report } from '../core/report.ts'
import { durationSeconds, seconds } from '../core/seconds.ts'

type ErrorCode =
  | 'bad_request'
  | 'unauthorized'
  | 'not_found'
  | 'not_acceptable'
  | 'unknown_check'
  | 'no_store'
  | 'no_data'
  | 'method_not_allowed'
  | 'internal_error'

/** 200, or the configured status when a check fails. */
export function httpStatus(report: Report, failedStatus: number): number {
  return report.passed ? 200 : failedStatus
}

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
    results: report.results.map((result) => toBodyResult(result, withDetails)),
  }
}

function toBodyResult(result: Result, withDetails: boolean) {
  return {
    checker: result.checker,
    output: result.output,
    passed: result.status !== 'fail',
    status: result.status,
    code: result.code,
    timestamp: seconds(result.timestamp),
    expires: seconds(result.expires),
    response_time: durationSeconds(result.responseTime),
    ...(withDetails && result.details ? { details: result.details } : {}),
  }
}

/** The text of each result, without and with its details, for as long as the result is kept. */
const texts = [new WeakMap<Result, string>(), new WeakMap<Result, string>()] as const

/**
 * {@link toBody} as JSON. A result does not change and is answered many times, so its text is made once: that is most of the
 * time of an answer from the cache.
 */
export function bodyText(report: Report, withDetails: boolean): string {
  const known = texts[withDetails ? 1 : 0]
  const results = report.results.map((result) => {
    const made = known.get(result)
    if (made !== undefined) return made
    const text = JSON.stringify(toBodyResult(result, withDetails))
    known.set(result, text)
    return text
  })
  const head = JSON.stringify(heading(report.passed, report, report.timestamp))
  return `${head.slice(0, -1)},"results":[${results.join(',')}]}`
}

/** A body as JSON that nobody may cache. */
export function jsonResponse(body: object, status: number, headers: Record<string, string> = {}): Response {
  return textResponse(JSON.stringify(body), jsonContentType, status, headers)
}

export const jsonContentType = 'application/json'

/** A body that nobody may cache. */
export function textResponse(
  body: string,
  contentType: string,
  status: number,
  headers: Record<string, string> = {},
): Response {
  const response = new Response(body, { status, headers: usualHeaders(contentType) })
  for (const [name, value] of Object.entries(headers)) response.headers.set(name, value)
  return response
}

/** The usual headers by content type. To copy headers takes less time than to make them. */
const headersByType = new Map<string, Headers>()

function usualHeaders(contentType: string): Headers {
  const known = headersByType.get(contentType)
  if (known) return known
  const headers = new Headers({
    'Content-Type': contentType,
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
  })
  headersByType.set(contentType, headers)
  return headers
}

/** An error in the contract's shape; also for entries that have to refuse an event before it is a request. */
export function errorResponse(
  status: number,
  code: ErrorCode,
  error: string,
  more: { checks?: readonly string[]; formats?: readonly string[] } = {},
  headers: Record<string, string> = {},
): Response {
  return jsonResponse({ error, code, ...more }, status, headers)
}

/** The refusal of a caller who has to show the token, or another secret. */
export const unauthorized = (sentence: string): Response =>
  errorResponse(401, 'unauthorized', sentence, {}, { 'WWW-Authenticate': 'Bearer' })

/** The answer to every method but GET and HEAD. */
export function methodNotAllowed(): Response {
  return errorResponse(
    405,
    'method_not_allowed',
    'only GET and HEAD are answered here',
    {},
    { Allow: 'GET, HEAD' },
  )
}
