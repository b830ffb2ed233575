import type { Redis } from '@upstash/redis/cloudflare'
import { createRedis, type RedisConnection, type RedisOptions } from '../../clients/redis.ts'
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

/** What the check needs of a Redis. */
export type CeleryRedis = Pick<Redis, 'eval' | 'get'>

type Connect = (connection: RedisConnection, signal: AbortSignal, options?: RedisOptions) => CeleryRedis

/**
 * Are Celery workers alive and consuming? Asks them over the broker (`control`), reads the time that a beat task
 * wrote (`heartbeat`), or both at once.
 *
 * @example
 * celeryCheck({ ...settings, probe: 'control', expectedWorkers: 2 })
 */
export function celeryCheck(
  settings: CelerySettings,
  connect: Connect = createRedis,
  clock: Clock = systemClock,
): Check {
  const stuckQueues = createStuckQueues()
  return {
    name: 'celery',
    ...(asksOnlyApplicationRedis(settings) && { dependsOn: 'redis' }),
    run: async ({ signal }) => {
      const [control, heartbeat] = await Promise.all([
        settings.probe === 'heartbeat' ? {} : controlProbe(settings, connect, stuckQueues, clock, signal),
        settings.probe === 'control' ? {} : heartbeatProbe(settings, connect, clock, signal),
      ])
      return verdict(settings, { ...control, ...heartbeat })
    },
  }
}

/** The `redis` check asks the application's Redis; the broker may be another one. */
function asksOnlyApplicationRedis({ probe, connection, heartbeatConnection }: CelerySettings): boolean {
  return probe === 'heartbeat' || connection.url === heartbeatConnection.url
}

async function controlProbe(
  settings: CelerySettings,
  connect: Connect,
  stuckQueues: StuckQueues,
  clock: Clock,
  signal: AbortSignal,
): Promise<Observation> {
  try {
    // What is sent again has to be asked anew, which the client cannot do.
    const requests = limitRequests(connect(settings.connection, signal, { retry: false }))
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
  settings: CelerySettings,
  connect: Connect,
  clock: Clock,
  signal: AbortSignal,
): Promise<Observation> {
  const redis = connect(settings.heartbeatConnection, signal)
  return { heartbeat: { ageSeconds: await readHeartbeat(redis, settings, clock) } }
}
