import { boundedFetch } from '../clients/bounded-fetch.ts'
import { CheckError } from '../core/check.ts'
import type { Clock } from '../core/clock.ts'
import type { EndedCronRun, Notifier } from './notifier.ts'

/** How long each try may take, in ms. */
const timeoutMs = 6000
/** How long to wait before each further try, in ms. */
const retryAfterMs = [1000, 2000] as const
/** The longest that a ping may take with all of its tries, in ms: a platform's time limit has to hold it. */
export const maxPingMs =
  (retryAfterMs.length + 1) * timeoutMs + retryAfterMs.reduce((sum, waitMs) => sum + waitMs, 0)
/** Below what the services keep of a body: 10,000 bytes by default at Healthchecks.io (`Ping-Body-Limit`). */
const maxBodyLength = 4000

/**
 * Pings a dead man's switch after each cron run: the URL itself when all is well, `/fail` behind its path when a check
 * fails. Both Healthchecks.io (https://healthchecks.io/docs/http_api/) and Better Stack
 * (https://betterstack.com/docs/uptime/cron-and-heartbeat-monitor/) read it so, and both keep the body of a POST.
 *
 * Costs one request, two more when the service cannot be reached; at most {@link maxPingMs}, 21 s, in all.
 */
export function heartbeatNotifier(url: string, clock: Clock): Notifier {
  return {
    name: 'heartbeat',
    begin: () => (end) => ping(end.passed ? url : failUrl(url), summary(end), clock),
  }
}

/** The URL with `/fail` added to its path; the query stays where it is. */
export function failUrl(url: string): string {
  const parsed = new URL(url)
  parsed.pathname = `${parsed.pathname.replace(/\/+$/, '')}/fail`
  return parsed.href
}

/** What people read in the heartbeat service: who ran, and the public sentence of every check. */
export function summary({ hostname, release, passed, results, durationMs }: EndedCronRun): string {
  const lines = results.map(({ checker, status, code, output }) => `${checker}: ${status} ${code}, ${output}`)
  const verdict = passed ? 'all checks pass' : 'not all checks pass'
  return [
    `${hostname}${release === undefined ? '' : ` ${release}`}`,
    results.length > 0 ? verdict : 'the checks could not be run',
    ...lines,
    `${Math.round(durationMs)} ms`,
  ]
    .join('\n')
    .slice(0, maxBodyLength)
}

async function ping(url: string, body: string, clock: Clock): Promise<string> {
  for (const waitMs of [...retryAfterMs, undefined]) {
    const { delivery, mayRetry } = await tryOnce(url, body)
    if (!mayRetry || waitMs === undefined) return delivery
    await clock.sleep(waitMs)
  }
  return 'not sent'
}

/** A refusal by 4xx stays one however often it is asked; only the limit of pings (429) passes. */
async function tryOnce(url: string, body: string): Promise<{ delivery: string; mayRetry: boolean }> {
  try {
    const headers = { 'Content-Type': 'text/plain; charset=utf-8' }
    const signal = AbortSignal.timeout(timeoutMs)
    const { status } = await boundedFetch(url, { method: 'POST', headers, body, signal })
    if (status >= 200 && status <= 299) return { delivery: 'sent', mayRetry: false }
    return { delivery: `refused with status ${status}`, mayRetry: status >= 500 || status === 429 }
  } catch (error) {
    return { delivery: error instanceof CheckError ? error.code : 'not sent', mayRetry: true }
  }
}
