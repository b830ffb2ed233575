import type { AlertsConfig } from './config/alerts.ts'
import type { Config } from './config/config.ts'
import type { Clock } from './core/clock.ts'
import type { Scrub } from './core/scrub.ts'
import { type Alerting, createAlerting } from './notify/alerts/alerting.ts'
import {
  type Channel,
  discordChannel,
  pagerDutyChannel,
  slackChannel,
  webhookChannel,
} from './notify/alerts/channels.ts'
import type { Log } from './notify/log.ts'

/** The channels that the configuration names. @param now epoch ms */
export function configuredChannels(
  { slackUrl, discordUrl, pagerDutyKey, webhook }: AlertsConfig,
  now: () => number,
): Channel[] {
  return [
    ...(slackUrl === undefined ? [] : [slackChannel(slackUrl)]),
    ...(discordUrl === undefined ? [] : [discordChannel(discordUrl)]),
    ...(pagerDutyKey === undefined ? [] : [pagerDutyChannel(pagerDutyKey)]),
    ...(webhook ? [webhookChannel(webhook.url, webhook.secret, now)] : []),
  ]
}

/** What sends changes to the channels; undefined without a channel. */
export function configuredAlerting(
  { alerts }: Config,
  { clock, scrub, log }: { readonly clock: Clock; readonly scrub: Scrub; readonly log: Log },
): Alerting | undefined {
  if (!alerts) return undefined
  return createAlerting({
    channels: configuredChannels(alerts, clock.now),
    rules: alerts,
    details: alerts.details,
    clock,
    complain: (channel, reason) => log('warn', 'an alert was not taken', { channel, reason: scrub(reason) }),
  })
}
