import type { Redis } from '@upstash/redis/cloudflare'
import { createRedis, type RedisConnection } from '../../clients/redis.ts'
import type { Check } from '../../core/check.ts'
import { type Clock, systemClock } from '../../core/clock.ts'
import { countBacklog } from './backlog.ts'
import { readHeartbeat } from './heartbeat.ts'
import { inspectWorkers } from './inspect.ts'
import { explainRefusal } from './permissions.ts'
import type { CelerySettings } from './settings.ts'
import { type Observation, verdict } from './verdict.ts'

export type { CelerySettings } from './settings.ts'

/** What the check needs of a Redis. */
export type CeleryRedis = Pick<Redis, 'eval' | 'get'>

type Connect = (connection: RedisConnection, signal: AbortSignal) => CeleryRedis

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
  return {
    name: 'celery',
    ...(asksOnlyApplicationRedis(settings) && { dependsOn: 'redis' }),
    run: async ({ signal }) => {
      const [control, heartbeat] = await Promise.all([
        settings.probe === 'heartbeat' ? {} : controlProbe(settings, connect, clock, signal),
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
  clock: Clock,
  signal: AbortSignal,
): Promise<Observation> {
  try {
    const redis = connect(settings.connection, signal)
    const inspection = await inspectWorkers(redis, settings, clock, signal)
    if (settings.maxBacklog === undefined) return { inspection }
    const consumed = inspection.answers.flatMap(({ queues }) => queues)
    const queues = [...new Set([...settings.queues, ...consumed])]
    const { separator } = inspection
    const naming = { ...settings, ...(separator !== undefined && { separator }) }
    return { inspection, backlog: await countBacklog(redis, naming, queues) }
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
