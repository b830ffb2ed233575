import { type Check, CheckError, type Outcome } from '../../core/check.ts'
import { systemClock } from '../../core/clock.ts'
import { openIncidents, statusPages } from './status-page.ts'

/**
 * Whose status page is asked, and when.
 *
 * @example
 * const options: ProviderCheckOptions = { name: 'neon', page: 'neon', of: 'database' }
 */
export interface ProviderCheckOptions {
  /** The `checker` of the result: a lower-case word that no other check has. */
  readonly name: string
  /** A provider, or the URL of a page's JSON: `/api/v2/incidents/unresolved.json` of Statuspage, `/api/v1/summary` of incident.io. */
  readonly page: keyof typeof statusPages | `https://${string}` | `http://127.0.0.1:${number}${string}`
  /** The check that the provider's fault would explain. */
  readonly of: string
}

/** What is left of the check's time for the page, in ms: a check that has not answered by then counts as failing. */
const pageMs = 1000
/** Pages lag behind: one that knew of nothing is asked again after this, in ms. */
const askAgainMs = 300_000

/**
 * Is it us or them? Asks a provider's status page, only while the check `of` fails, and once for each incident. It never fails: it warns
 * with `provider_incident` where the page has an open incident, and with `unreachable` or the like where the page cannot be asked.
 * Costs nothing while all is well.
 *
 * @example
 * createWorker({ expected, checks: [providerCheck({ name: 'neon', page: 'neon', of: 'database' })] })
 */
export function providerCheck({ name, page, of }: ProviderCheckOptions): Check {
  const url = new Map<string, string>(Object.entries(statusPages)).get(page) ?? page
  let last: { readonly outcome: Outcome; readonly askAgainAt: number } | undefined
  return {
    name,
    dependsOn: of,
    async run({ signal, timeoutMs, outcomeOf }) {
      if (!(await isFailing(outcomeOf?.(of), Math.max(0, timeoutMs - pageMs)))) {
        last = undefined
        return { status: 'pass', code: 'ok', output: `${name} was not asked` }
      }
      if (last && systemClock.now() < last.askAgainAt) return last.outcome
      const outcome = await ask(name, url, AbortSignal.any([signal, AbortSignal.timeout(pageMs * 0.8)]))
      const isKnown = outcome.code === 'provider_incident'
      if (isKnown || outcome.code === 'ok') {
        last = { outcome, askAgainAt: isKnown ? Number.POSITIVE_INFINITY : systemClock.now() + askAgainMs }
      }
      return outcome
    },
  }
}

async function isFailing(asked: Promise<Outcome | undefined> | undefined, waitMs: number): Promise<boolean> {
  const timer = new AbortController()
  const late = systemClock.sleep(waitMs, timer.signal).then(() => 'late' as const)
  const outcome = await Promise.race([asked, late])
  timer.abort()
  return outcome === 'late' || outcome?.status === 'fail'
}

async function ask(name: string, url: string, signal: AbortSignal): Promise<Outcome> {
  try {
    const incidents = await openIncidents(url, signal)
    if (incidents.length === 0) return { status: 'pass', code: 'ok', output: `${name} reports no incident` }
    const details = { incidents }
    return { status: 'warn', code: 'provider_incident', output: `${name} reports an incident`, details }
  } catch (error) {
    if (!(error instanceof CheckError)) throw error
    const details = { reason: error.message }
    return { status: 'warn', code: error.code, output: `the status page of ${name} cannot be asked`, details }
  }
}
