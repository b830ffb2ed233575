import type { MaintenanceWindow } from './maintenance.ts'
import type { Reader } from './reader.ts'
import {
  callerToken,
  httpUrl,
  maintenanceWindows,
  offOrMinutes,
  oneOf,
  serviceToken,
  wholeNumberBetween,
} from './values.ts'

/** Where alerts go, and by which rules. */
export interface AlertsConfig {
  readonly slackUrl: string | undefined
  readonly discordUrl: string | undefined
  readonly pagerDutyKey: string | undefined
  readonly webhook: { readonly url: string; readonly secret: string } | undefined
  readonly after: number
  readonly resolveAfter: number
  readonly remindAfterMs: number | undefined
  readonly warnings: boolean
  /** Whether messages name the objects that differ. */
  readonly details: boolean
}

/** How many bad runs in a row make an alert. */
export const defaultAlertAfter = 2

/** @param hasStore without one nobody could remember what was said, so channels are refused */
export function readAlerts(reader: Reader, hasStore: boolean): AlertsConfig | undefined {
  const slackUrl = reader.read('ALERT_SLACK_URL', httpUrl)
  const discordUrl = reader.read('ALERT_DISCORD_URL', httpUrl)
  const pagerDutyKey = reader.read('ALERT_PAGERDUTY_KEY', serviceToken)
  const webhookUrl = reader.read('ALERT_WEBHOOK_URL', httpUrl)
  const secret = reader.read('ALERT_WEBHOOK_SECRET', callerToken)
  const remind = reader.read('ALERT_REMIND_AFTER', offOrMinutes)
  const rules = {
    after: reader.read('ALERT_AFTER', wholeNumberBetween(1, 20)) ?? defaultAlertAfter,
    resolveAfter: reader.read('ALERT_RESOLVE_AFTER', wholeNumberBetween(1, 20)) ?? 2,
    remindAfterMs: remind === undefined ? undefined : remind * 60_000,
    warnings: reader.read('ALERT_WARNINGS', oneOf('on', 'off')) === 'on',
    details: reader.read('ALERT_DETAILS', oneOf('on', 'off')) === 'on',
  }
  if (webhookUrl !== undefined && secret === undefined && !reader.isWrong('ALERT_WEBHOOK_SECRET')) {
    reader.wrong('ALERT_WEBHOOK_SECRET', 'expected beside ALERT_WEBHOOK_URL, found nothing')
  }
  const first = (
    [
      ['ALERT_SLACK_URL', slackUrl],
      ['ALERT_DISCORD_URL', discordUrl],
      ['ALERT_PAGERDUTY_KEY', pagerDutyKey],
      ['ALERT_WEBHOOK_URL', webhookUrl],
    ] as const
  ).find(([, value]) => value !== undefined)?.[0]
  if (first === undefined) return undefined
  if (!hasStore) {
    reader.wrong(
      first,
      'expected together with HEALTH_STORE=redis, which remembers what was said, found no store',
    )
    return undefined
  }
  const webhook = webhookUrl !== undefined && secret !== undefined ? { url: webhookUrl, secret } : undefined
  return { slackUrl, discordUrl, pagerDutyKey, webhook, ...rules }
}

/** The times in which alerts are muted. */
export const readMaintenance = (reader: Reader): readonly MaintenanceWindow[] =>
  reader.read('HEALTH_MAINTENANCE', maintenanceWindows) ?? []
