import type { OpenRedis } from '../../clients/interfaces.ts'
import type { Check } from '../../core/check.ts'
import { type Clock, systemClock } from '../../core/clock.ts'
import { readHeartbeat } from './heartbeat.ts'
import { inspectWorkers } from './inspect.ts'
import { observeQueues } from './observe-queues.ts'
import { explainRefusal } from './permissions.ts'
import { limitRequests } from './requests.ts'
import type { CelerySettings } from './settings.ts'
import { createStuckQueues, type StuckQueues } from './stuck.ts'
import { type Observation, verdict } from './verdict.ts'

export type { CelerySettings } from './settings.ts'

export interface CeleryCheckOptions extends CelerySettings {
  /** The `checker` of the result. [celery] */
  readonly name?: string
  /** The broker, where the workers listen for control messages. */
  readonly redis: OpenRedis<'eval'>
  /** Where the beat task leaves its heartbeat. */
  readonly heartbeatRedis: OpenRedis<'get'>
  /** The check that asks the same Redis for less. [none] */
  readonly dependsOn?: string
}

/**
 * Are Celery workers alive and consuming? Asks them over the broker (`control`), reads the time that a beat task
 * wrote (`heartbeat`), or both at once.
 *
 * @example
 * celeryCheck({ ...settings, redis, heartbeatRedis: redis, probe: 'control', expectedWorkers: 2 })
 */
export function celeryCheck(options: CeleryCheckOptions, clock: Clock = systemClock): Check {
  const { name = 'celery', dependsOn, probe } = options
  const stuckQueues = createStuckQueues()
  return {
    name,
    ...(dependsOn !== undefined && { dependsOn }),
    run: async ({ signal }) => {
      const [control, heartbeat] = await Promise.all([
        probe === 'heartbeat' ? {} : controlProbe(options, stuckQueues, clock, signal),
        probe === 'control' ? {} : heartbeatProbe(options, clock, signal),
      ])
      return verdict(options, { ...control, ...heartbeat })
    },
  }
}

async function controlProbe(
  settings: CeleryCheckOptions,
  stuckQueues: StuckQueues,
  clock: Clock,
  signal: AbortSignal,
): Promise<Observation> {
  try {
    // What is sent again has to be asked anew, which the client cannot do.
    const requests = limitRequests(settings.redis(signal, { retry: false }))
    const looksAtQueues = settings.maxBacklog !== undefined || settings.queues.length > 0
    const reserved = looksAtQueues ? 1 : 0
    const inspection = await inspectWorkers(requests, settings, clock, signal, reserved)
    if (!looksAtQueues) return { inspection }
    return { inspection, ...(await observeQueues(requests, settings, inspection, stuckQueues, clock)) }
  } catch (error) {
    throw explainRefusal(error, settings)
  }
}

async function heartbeatProbe(
  settings: CeleryCheckOptions,
  clock: Clock,
  signal: AbortSignal,
): Promise<Observation> {
  const redis = settings.heartbeatRedis(signal)
  return { heartbeat: { ageSeconds: await readHeartbeat(redis, settings, clock) } }
}
