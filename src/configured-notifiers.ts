import type { Config } from './config/config.ts'
import type { Clock } from './core/clock.ts'
import type { Scrub } from './core/scrub.ts'
import { heartbeatSink } from './notify/heartbeat.ts'
import { type Log, logSink } from './notify/log.ts'
import type { Sink } from './notify/notifier.ts'
import type { SentrySdk } from './notify/sentry/client.ts'
import { sentrySink } from './notify/sentry/notifier.ts'

/** The sinks that the configuration names; the log is always there. */
export function configuredSinks(
  { sentry, heartbeatUrl }: Config,
  loadSentry: (() => Promise<SentrySdk>) | undefined,
  tools: { readonly clock: Clock; readonly scrub: Scrub; readonly log: Log },
): Sink[] {
  return [
    logSink(tools.log, tools.scrub),
    ...(sentry && loadSentry ? [sentrySink({ config: sentry, load: loadSentry, ...tools })] : []),
    ...(heartbeatUrl === undefined ? [] : [heartbeatSink(heartbeatUrl, tools.clock)]),
  ]
}
