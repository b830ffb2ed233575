import { boundedFetch } from '../../clients/bounded-fetch.ts'
import type { Result } from '../../core/check.ts'
import type { Clock } from '../../core/clock.ts'
import { createThrottle } from '../../core/throttle.ts'
import { thrownText } from '../../core/thrown-text.ts'
import type { History } from '../../history/history.ts'
import type { Alert, AlertEvent, AlertRules, Alerts } from './alert.ts'
import type { Channel } from './channels.ts'
import { findingsIn } from './findings.ts'
import { delivered, nextAlert, undelivered } from './rules.ts'
import { mergeAlerts, readAlerts, writeAlerts } from './state.ts'

/** @param id of the alert that is to be sent */
type Claim = (id: string) => Promise<boolean>

/** Says in its channels what has changed, once a history is known. No answer waits for it. */
export interface Alerting {
  /**
   * @param now epoch ms, by the clock of the history
   * @param kept what was kept beside the history, of any form
   * @param resultOf the last result of a check, as far as this isolate knows it, with scrubbed details
   * @param claim whether this isolate is the one that sends alerts now; asked only where there is one to send. What another one
   *   sends is pending until that is known.
   * @returns what has to be kept, and whether a channel still has to be notified. Never rejects.
   */
  notify(
    history: History,
    kept: unknown,
    service: string,
    now: number,
    resultOf?: (check: string) => Result | undefined,
    claim?: Claim,
  ): Promise<{ readonly kept: unknown; readonly isPending: boolean }>
}

interface AlertingOptions {
  readonly channels: readonly Channel[]
  readonly rules: AlertRules
  /** Whether messages name the objects that differ: tables, columns, indexes. [false] */
  readonly details?: boolean
  readonly clock: Clock
  /** Says in the log that a channel was not notified; the reason is not scrubbed. */
  readonly complain: (channel: string, reason: string) => void
}

/** How long a channel may take, in ms. */
const timeoutMs = 3000
const repeatComplaintMs = 300_000
/** The longest time for which a channel is left alone because it asked for that, in ms. */
const maxRetryAfterMs = 600_000

export function createAlerting({
  channels,
  rules,
  details = false,
  clock,
  complain,
}: AlertingOptions): Alerting {
  const names = channels.map(({ name }) => name)
  const notBefore = new Map<string, number>()
  /** What this isolate has said, also where it could not be written down. */
  let said: Alerts = new Map()

  const throttle = createThrottle(clock, repeatComplaintMs)
  const failed = (name: string, reason: string) => {
    if (throttle.isDue(name)) complain(name, reason)
  }
  const send = async ({ name, request }: Channel, event: AlertEvent): Promise<boolean> => {
    if (clock.monotonic() < (notBefore.get(name) ?? 0)) return false
    try {
      const { url, body, headers } = await request(event)
      const { status, headers: answered } = await boundedFetch(url, {
        method: 'POST',
        body,
        headers: { 'content-type': 'application/json', ...headers },
        signal: AbortSignal.timeout(timeoutMs),
      })
      if (status >= 200 && status <= 299) return true
      const seconds = Number(answered.get('retry-after')) || 0
      notBefore.set(name, clock.monotonic() + Math.min(maxRetryAfterMs, seconds * 1000))
      failed(name, `status ${status}`)
    } catch (error) {
      failed(name, thrownText(error))
    }
    return false
  }
  const deliver = async (
    check: string,
    alert: Alert,
    history: History,
    service: string,
    { result, claim }: { result: Result | undefined; claim: Claim },
  ) => {
    const latest = history.get(check)?.latest ?? []
    const last = latest.at(-1)
    const left = undelivered(alert, names)
    if (!last || left.length === 0 || !(await claim(alert.id))) return alert
    const releaseBefore = latest.findLast(({ at }) => at < alert.since)?.release ?? ''
    // Another isolate may have seen more since.
    const findings = result?.code === last.code ? findingsIn(result, details) : []
    const event: AlertEvent = { ...alert, check, service, last, releaseBefore, findings }
    const done = await Promise.all(
      channels.map(
        async (channel) => left.includes(channel.name) && (await send(channel, event)) && channel.name,
      ),
    )
    return delivered(
      alert,
      done.filter((name) => name !== false),
    )
  }
  return {
    async notify(history, kept, service, now, resultOf = () => undefined, claim = async () => true) {
      const known = mergeAlerts(readAlerts(kept), said)
      const alerts = new Map<string, Alert>()
      await Promise.all(
        [...history].map(async ([check, { latest }]) => {
          const alert = nextAlert(known.get(check), latest, now, rules)
          if (!alert) return
          alerts.set(check, await deliver(check, alert, history, service, { result: resultOf(check), claim }))
        }),
      )
      said = alerts
      const isPending = [...alerts.values()].some((alert) => undelivered(alert, names).length > 0)
      return { kept: writeAlerts(alerts), isPending }
    },
  }
}
