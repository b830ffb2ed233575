import type { Config } from './config/config.ts'
import type { Clock } from './core/clock.ts'
import type { Scrub } from './core/scrub.ts'
import { heartbeatNotifier } from './notify/heartbeat.ts'
import { type Log, logNotifier } from './notify/log.ts'
import type { Notifier } from './notify/notifier.ts'
import type { SentrySdk } from './notify/sentry/client.ts'
import { sentryNotifier } from './notify/sentry/notifier.ts'

/** The notifiers that the configuration names; the log is always there. */
export function configuredNotifiers(
  { sentry, heartbeatUrl }: Config,
  loadSentry: (() => Promise<SentrySdk>) | undefined,
  tools: { readonly clock: Clock; readonly scrub: Scrub; readonly log: Log },
): Notifier[] {
  return [
    logNotifier(tools.log, tools.scrub),
    ...(sentry && loadSentry ? [sentryNotifier({ config: sentry, load: loadSentry, ...tools })] : []),
    ...(heartbeatUrl === undefined ? [] : [heartbeatNotifier(heartbeatUrl, tools.clock)]),
  ]
}
