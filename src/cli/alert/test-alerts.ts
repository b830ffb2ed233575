import { boundedFetch } from '../../clients/bounded-fetch.ts'
import { readConfig } from '../../config/config.ts'
import { configuredChannels } from '../../configured-alerting.ts'
import { availableOf } from '../../configured-clients.ts'
import { CheckError } from '../../core/check.ts'
import type { AlertEvent, AlertKind } from '../../notify/alerts/alert.ts'
import type { Channel } from '../../notify/alerts/channels.ts'
import { nodeTransports } from '../../platforms/node/transports.ts'
import { type EnvironmentOptions, readEnvironment } from '../check/environment.ts'
import { UsageError } from '../usage-error.ts'

const timeoutMs = 10_000

/**
 * Sends a message of a check named `test` that fails, and one that it works again, through every channel.
 *
 * @returns the exit code: 1 when a channel did not take both
 * @throws {UsageError} where no channel is configured
 */
export async function testAlerts(options: EnvironmentOptions): Promise<number> {
  const { alerts, mistakes } = readConfig(readEnvironment(options), [], availableOf(nodeTransports))
  const wrong = mistakes.filter(({ variable }) => /^(ALERT_|HEALTH_STORE)/.test(variable))
  if (!alerts || wrong.length > 0) {
    const sentences = wrong.map(({ sentence }) => sentence)
    throw new UsageError(
      sentences.join('\n') ||
        'no channel is configured: set ALERT_SLACK_URL, ALERT_DISCORD_URL, ALERT_PAGERDUTY_KEY or ALERT_WEBHOOK_URL.',
    )
  }
  const now = Date.now()
  const answers = await Promise.all(
    configuredChannels(alerts, Date.now).map(async (channel) => {
      const fired = await send(channel, testEvent('fired', now))
      const resolved = fired.took ? await send(channel, testEvent('resolved', now)) : fired
      return { name: channel.name, ...resolved }
    }),
  )
  for (const { name, answer } of answers) process.stdout.write(`${name.padEnd(10)}${answer}\n`)
  return answers.every(({ took }) => took) ? 0 : 1
}

function testEvent(kind: AlertKind, now: number): AlertEvent {
  const isBad = kind === 'fired'
  return {
    kind,
    id: `test/${now}/${kind}`,
    since: now,
    at: now,
    done: [],
    notified: [],
    check: 'test',
    service: 'edge-health',
    releaseBefore: '',
    findings: [],
    last: {
      check: 'test',
      at: now,
      status: isBad ? 'fail' : 'pass',
      code: isBad ? 'error' : 'ok',
      output: 'this is a test message of edge-health alert --test',
      responseMs: 0,
      release: '',
      isMaintenance: false,
      causedBy: '',
    },
  }
}

/** Never the URL or the answer's text: both may hold a key. */
async function send({ request }: Channel, event: AlertEvent): Promise<{ took: boolean; answer: string }> {
  try {
    const { url, body, headers } = await request(event)
    const { status } = await boundedFetch(url, {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json', ...headers },
      signal: AbortSignal.timeout(timeoutMs),
    })
    const took = status >= 200 && status <= 299
    return { took, answer: took ? `took it (status ${status})` : `refused it with status ${status}` }
  } catch (error) {
    return { took: false, answer: `did not take it: ${error instanceof CheckError ? error.code : 'error'}` }
  }
}
