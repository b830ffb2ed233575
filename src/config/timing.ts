import type { Status } from '../core/check.ts'
import type { Reader } from './reader.ts'
import { numberBetween, wholeNumberBetween } from './values.ts'
import { ttlVariables } from './variables.ts'

/** All times in milliseconds. */
export interface Timing {
  readonly timeoutMs: number
  readonly deadlineMs: number
  readonly slowMs: number
  readonly celeryTimeoutMs: number
  /** For how long a result of this check may be repeated. */
  readonly ttlMs: (checker: string, status: Status) => number
}

const defaults = {
  timeoutMs: 2500,
  deadlineMs: 3500,
  slowMs: 1500,
  celeryTimeoutMs: 1000,
  ttlPass: 27,
  ttlFail: 9,
}
/** What a Celery check needs beside the wait for its workers: two round trips and the second look when no worker answered. */
export const celeryMarginMs = 500
const maxTtlSeconds = 7 * 86_400

/**
 * CELERY_TIMEOUT_MS + 500 < HEALTH_TIMEOUT_MS < HEALTH_DEADLINE_MS. A default shrinks below a limit that was set
 * (HEALTH_DEADLINE_MS=1500 alone is fine) and never grows above a value that was: HEALTH_TIMEOUT_MS=4000 is a mistake
 * unless HEALTH_DEADLINE_MS is set above it too.
 */
export function readTiming(reader: Reader, checkers: readonly string[]): Timing {
  const deadline = reader.read('HEALTH_DEADLINE_MS', wholeNumberBetween(500, 25_000))
  const timeout = reader.read('HEALTH_TIMEOUT_MS', wholeNumberBetween(100, 24_000))
  let celery = reader.read('CELERY_TIMEOUT_MS', wholeNumberBetween(50, 20_000), 'celery')
  const deadlineMs = deadline ?? defaults.deadlineMs
  let timeoutMs = timeout ?? Math.min(defaults.timeoutMs, Math.round(deadlineMs * 0.8))
  if (timeoutMs >= deadlineMs) {
    reader.wrong('HEALTH_TIMEOUT_MS', `expected less than HEALTH_DEADLINE_MS (${deadlineMs} ms)`)
    timeoutMs = Math.min(defaults.timeoutMs, Math.round(deadlineMs * 0.8))
  }
  const celeryMaxMs = timeoutMs - celeryMarginMs - 1
  if (celery !== undefined && celery > celeryMaxMs) {
    const expected = `expected more than ${celeryMarginMs} ms less than HEALTH_TIMEOUT_MS (${timeoutMs} ms)`
    reader.wrong('CELERY_TIMEOUT_MS', expected, 'celery')
    celery = undefined
  }
  return {
    deadlineMs,
    timeoutMs,
    celeryTimeoutMs: celery ?? Math.max(50, Math.min(defaults.celeryTimeoutMs, celeryMaxMs)),
    slowMs: reader.read('HEALTH_SLOW_MS', wholeNumberBetween(1, 25_000)) ?? defaults.slowMs,
    ttlMs: readTtl(reader, checkers),
  }
}

function readTtl(reader: Reader, checkers: readonly string[]): Timing['ttlMs'] {
  const seconds = numberBetween(0, maxTtlSeconds, 'seconds')
  const pass = reader.read('HEALTH_TTL_PASS', seconds) ?? defaults.ttlPass
  const fail = reader.read('HEALTH_TTL_FAIL', seconds) ?? defaults.ttlFail
  const own = new Map(
    checkers.map((checker) => {
      const variables = ttlVariables(checker)
      const ttl = {
        pass: reader.read(variables.pass, seconds) ?? pass,
        fail: reader.read(variables.fail, seconds) ?? fail,
      }
      return [checker, ttl] as const
    }),
  )
  return (checker, status) => {
    const ttl = own.get(checker) ?? { pass, fail }
    return (status === 'fail' ? ttl.fail : ttl.pass) * 1000
  }
}
