import { hmacSha256 } from '../../core/hmac.ts'
import { runbookOf } from '../../core/runbook.ts'
import type { AlertEvent } from './alert.ts'
import { bodyOf, titleOf } from './message.ts'

/** A request that says an event to one channel. */
interface AlertRequest {
  readonly url: string
  readonly body: string
  readonly headers?: Readonly<Record<string, string>>
}

export interface Channel {
  readonly name: string
  readonly request: (event: AlertEvent) => AlertRequest | Promise<AlertRequest>
}

const json = (url: string, body: object): AlertRequest => ({ url, body: JSON.stringify(body) })
const isGood = ({ kind }: AlertEvent) => kind === 'resolved'

/** An incoming webhook (https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks). */
export const slackChannel = (url: string): Channel => ({
  name: 'slack',
  request: (event) => {
    const text = `*${titleOf(event)}*\n${bodyOf(event)}`.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
    return json(url, { text: titleOf(event), blocks: [{ type: 'section', text: { type: 'mrkdwn', text } }] })
  },
})

/** A webhook of a channel (https://discord.com/developers/docs/resources/webhook#execute-webhook). */
export const discordChannel = (url: string): Channel => ({
  name: 'discord',
  request: (event) =>
    json(url, {
      embeds: [
        { title: titleOf(event), description: bodyOf(event), color: isGood(event) ? 3_066_993 : 15_158_332 },
      ],
    }),
})

/** Events API v2 (https://developer.pagerduty.com/docs/send-alert-event). A repeated event of the same key is the same incident. */
export const pagerDutyChannel = (key: string, url = 'https://events.pagerduty.com/v2/enqueue'): Channel => ({
  name: 'pagerduty',
  request: (event) =>
    json(url, {
      routing_key: key,
      event_action: isGood(event) ? 'resolve' : 'trigger',
      dedup_key: `${event.service}/${event.check}`,
      payload: {
        summary: `${titleOf(event)}: ${event.last.output}`,
        source: event.service,
        severity: event.last.status === 'warn' ? 'warning' : 'critical',
        component: event.check,
        timestamp: new Date(event.since).toISOString(),
        custom_details: { code: event.last.code, text: bodyOf(event) },
      },
    }),
})

/**
 * A POST of JSON. `X-Edge-Health-Signature: t=<epoch seconds>,v1=<HMAC-SHA-256 in hex of "<t>.<body>">`, as Stripe signs
 * (https://docs.stripe.com/webhooks#verify-manually). The same `id` may come twice.
 *
 * @param now epoch ms
 */
export const webhookChannel = (url: string, secret: string, now: () => number): Channel => ({
  name: 'webhook',
  async request({ kind, id, service, check, since, at, last, releaseBefore, findings }) {
    const body = JSON.stringify({
      version: 1,
      id,
      event: kind,
      service,
      check,
      status: last.status,
      code: last.code,
      output: last.output,
      ...(findings.length > 0 ? { findings } : {}),
      since: since / 1000,
      ...(kind === 'resolved' ? { until: at / 1000 } : {}),
      duration_seconds: Math.round((at - since) / 1000),
      release: last.release,
      release_before: releaseBefore,
      runbook: runbookOf(last.code),
    })
    const time = Math.floor(now() / 1000)
    const headers = {
      'X-Edge-Health-Signature': `t=${time},v1=${hex(await hmacSha256(secret, `${time}.${body}`))}`,
    }
    return { url, body, headers }
  },
})

const hex = (bytes: ArrayBuffer): string =>
  [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, '0')).join('')
