import { setTimeout as sleep } from 'node:timers/promises'
import { formatDuration } from '../terminal/duration.ts'
import { redact } from '../terminal/redact.ts'
import { withSpinner } from '../terminal/spinner.ts'
import { harmless, painter } from '../terminal/terminal.ts'
import { attempt } from './attempt.ts'
import type { SmokeOptions } from './options.ts'
import { poll } from './poll.ts'
import { exitCodes } from './progress.ts'
import { annotationLines, attemptLine, jsonReport, summaryLines } from './report.ts'

/**
 * Polls the deployment and reports. With `json` stdout holds nothing but the report, and the attempts go to stderr.
 *
 * @returns the exit code
 */
export async function smoke(options: SmokeOptions, json: boolean): Promise<number> {
  const progressStream = json ? process.stderr : process.stdout
  const write = (stream: NodeJS.WriteStream, lines: readonly string[]) => {
    for (const line of lines) stream.write(`${redact(line, options.secrets)}\n`)
  }
  write(progressStream, [harmless(`asking ${options.url.origin}${options.url.pathname}`)])
  const waiting = `waiting for a healthy answer, at most ${formatDuration(options.timeoutMs)}`
  const outcome = await withSpinner(waiting, () =>
    poll(options, {
      now: () => performance.now(),
      sleep,
      attempt: (timeoutMs) => attempt(options.url, options.headers, timeoutMs),
      onAttempt: (ended) => write(progressStream, [attemptLine(ended, options.consecutive)]),
    }),
  )
  if (json) write(process.stdout, [jsonReport(outcome, options)])
  else write(process.stdout, summaryLines(outcome, options, painter(process.stdout)))
  if (process.env['GITHUB_ACTIONS'] === 'true') write(progressStream, annotationLines(outcome, options))
  return exitCodes[outcome.verdict.kind]
}
