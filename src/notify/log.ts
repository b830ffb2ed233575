import type { Result, Status } from '../core/check.ts'
import { worst } from '../core/report.ts'
import type { Scrub } from '../core/scrub.ts'
import { durationSeconds } from '../core/seconds.ts'
import { thrownText } from '../core/thrown-text.ts'
import { excerptOf } from './excerpt.ts'
import type { EndedRun, Notifier } from './notifier.ts'

export type Level = 'info' | 'warn' | 'error'

/** Writes one line of JSON. */
export type Log = (level: Level, message: string, more?: object) => void

/** @param write where the lines go */
export function createLog(write: (line: string) => void): Log {
  return (level, message, more = {}) => write(JSON.stringify({ message, level, ...more }))
}

/**
 * Logs every run of a request that is not all pass: of each result the code, the scrubbed reason, and what
 * {@link excerptOf} takes from its details. A cron run logs its own outcome.
 */
export function logNotifier(log: Log, scrub: Scrub): Notifier {
  return {
    name: 'log',
    report({ trigger, hostname, release, results }: EndedRun) {
      const status = worst(results)
      if (trigger === 'cron' || status === 'pass') return
      const entries = results.map((result) => logEntry(result, scrub))
      log(levelOf[status], 'health check', { trigger, hostname, release, results: entries })
    },
  }
}

export const levelOf: Readonly<Record<Status, Level>> = { pass: 'info', warn: 'warn', fail: 'error' }

/** What a log says of a result; `response_time` in seconds, to the microsecond, as in the answer. */
export function logEntry(result: Result, scrub: Scrub) {
  const { checker, status, code, responseTime, cause, causedBy } = result
  return {
    checker,
    status,
    code,
    response_time: durationSeconds(responseTime),
    ...excerptOf(result),
    ...(cause === undefined
      ? {}
      : { reason: scrub(cause instanceof Error ? cause.message : thrownText(cause)) }),
    ...(causedBy === undefined ? {} : { caused_by: causedBy }),
  }
}
