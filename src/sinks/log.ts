import type { Status } from '../check.ts'
import type { Scrub } from '../scrub.ts'
import type { EndedRun, Sink } from './sink.ts'

/**
 * Writes one JSON line for every run that is not all pass. It holds the code and the scrubbed reason of each result,
 * never its details.
 */
export function logSink(scrub: Scrub, write: (line: string) => void): Sink {
  return {
    name: 'log',
    report(run) {
      if (worst(run) !== 'pass') write(JSON.stringify(entry(run, scrub)))
    },
  }
}

const levels: Record<Status, string> = { pass: 'info', warn: 'warn', fail: 'error' }

function worst({ results }: EndedRun): Status {
  return (
    (['fail', 'warn'] as const).find((status) => results.some((result) => result.status === status)) ?? 'pass'
  )
}

function entry(run: EndedRun, scrub: Scrub) {
  const { trigger, hostname, release, results } = run
  return {
    message: 'health check',
    level: levels[worst(run)],
    trigger,
    hostname,
    release,
    results: results.map(({ checker, status, code, responseTime, cause, causedBy }) => ({
      checker,
      status,
      code,
      response_time: Math.round(responseTime * 1000) / 1e6,
      ...(cause instanceof Error ? { reason: scrub(cause.message) } : {}),
      ...(causedBy === undefined ? {} : { caused_by: causedBy }),
    })),
  }
}
