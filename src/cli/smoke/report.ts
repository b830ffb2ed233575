import { seconds } from '../../core/seconds.ts'
import { errorAnnotation } from '../terminal/annotation.ts'
import { formatDuration } from '../terminal/duration.ts'
import { renderTable } from '../terminal/table.ts'
import { harmless, type Paint } from '../terminal/terminal.ts'
import type { Attempt, PollOptions, PollOutcome } from './poll.ts'
import { exitCodes } from './progress.ts'
import type { Verdict } from './verdict.ts'

/** One attempt's line: its number, when it ended, and why it is or is not the end. */
export function attemptLine({ number, at, verdict, progress }: Attempt, consecutive: number): string {
  const since = `${(at / 1000).toFixed(1)} s`
  return `${String(number).padStart(3)}  ${since.padStart(7)}  ${harmless(describe())}`

  function describe(): string {
    if (verdict.kind !== 'healthy') return `${words[verdict.kind]}: ${verdict.reason}`
    if (progress.repeated) return `healthy, but these are the results that were counted before`
    return `healthy (${progress.streak} of ${consecutive})`
  }
}

const words: Record<Verdict['kind'], string> = {
  healthy: 'healthy',
  unhealthy: 'unhealthy',
  refused: 'refused',
  wrong_release: 'wrong release',
  unreachable: 'unreachable',
}

/** The end of the report for people: the last table there was, and the verdict with what was expected of it. */
export function summaryLines(outcome: PollOutcome, options: PollOptions, paint: Paint): string[] {
  const { verdict, attempts, durationMs } = outcome
  const effort = `${attempts.length} attempt${attempts.length === 1 ? '' : 's'} in ${formatDuration(durationMs)}`
  const table = verdict.answer ? ['', ...renderTable(verdict.answer.results, paint)] : []
  const release = verdict.answer?.release
  if (verdict.kind === 'healthy') {
    const who = release ? `release ${harmless(release)}` : 'the deployment'
    return [...table, '', `${paint('green', 'healthy')}: ${who}, after ${effort}`]
  }
  return [
    ...table,
    '',
    `${paint('red', words[verdict.kind])}: gave up after ${effort}`,
    `expected: ${expected(options)}`,
    `actual:   ${harmless(verdict.reason)}`,
  ]
}

function expected({ release, checks, consecutive }: PollOptions): string {
  const who = release ? `release ${release}` : 'the deployment'
  const what = checks.length > 0 ? ` (${checks.join(', ')})` : ''
  return harmless(`${who} healthy${what}, ${consecutive === 1 ? 'once' : `${consecutive} times in a row`}`)
}

/** The annotation for GitHub Actions, when there is something to say. */
export function annotationLines({ verdict, attempts }: PollOutcome, options: PollOptions): string[] {
  if (verdict.kind === 'healthy') return []
  const tries = `${attempts.length} attempt${attempts.length === 1 ? '' : 's'}`
  const message = `expected: ${expected(options)}\nactual: ${harmless(verdict.reason)}\n(${tries})`
  return [errorAnnotation(`Smoke test: ${words[verdict.kind]}`, message)]
}

/** The whole report for a program: one JSON document, times in seconds as in the body of the health check. */
export function jsonReport(outcome: PollOutcome, options: PollOptions): string {
  const { verdict, attempts, durationMs } = outcome
  return JSON.stringify({
    verdict: verdict.kind,
    exit_code: exitCodes[verdict.kind],
    reason: verdict.reason,
    expected_release: options.release,
    release: verdict.answer?.release,
    duration: seconds(durationMs),
    attempts: attempts.map(({ number, at, kind, reason }) => ({
      attempt: number,
      at: seconds(at),
      verdict: kind,
      reason,
    })),
    results: verdict.answer?.results ?? [],
  })
}
