import type { Clock } from '../clock.ts'
import type { Config } from '../config.ts'
import type { Scrub } from '../scrub.ts'
import { heartbeatSink } from './heartbeat.ts'
import { type Log, logSink } from './log.ts'
import type { SentrySdk } from './sentry/client.ts'
import { sentrySink } from './sentry.ts'
import type { Sink } from './sink.ts'

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
