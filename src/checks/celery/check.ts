import type { OpenRedis } from '../../clients/interfaces.ts'
import { type Check, CheckError } from '../../core/check.ts'
import { type Clock, systemClock } from '../../core/clock.ts'
import { named } from '../named.ts'
import { readHeartbeat } from './heartbeat.ts'
import { inspectWorkers } from './inspect.ts'
import { observeQueues } from './observe-queues.ts'
import { explainRefusal } from './permissions.ts'
import { limitRequests } from './requests.ts'
import { type CelerySettings, defaultSettings } from './settings.ts'
import { createStuckQueues, type StuckQueues } from './stuck.ts'
import { type Observation, verdict } from './verdict.ts'

export type { CelerySettings } from './settings.ts'

/**
 * A Celery application and its broker. Every other setting has the default of its `CELERY_*` variable.
 *
 * @example
 * const options: CeleryCheckOptions = { name: 'jobs', redis: redisOverRest({ url, token }), queues: ['mail'] }
 */
export interface CeleryCheckOptions extends Partial<CelerySettings> {
  /** The `checker` of the result, which begins its sentences unless it is the standard one. [celery] */
  readonly name?: string
  /** The broker, where the workers listen for control messages. */
  readonly redis: OpenRedis<'eval' | 'get'>
  /** Where the beat task leaves its heartbeat. [the broker] */
  readonly heartbeatRedis?: OpenRedis<'get'>
  /** The check that asks the same Redis for less. [none] */
  readonly dependsOn?: string
}

type Settings = CelerySettings & {
  readonly redis: OpenRedis<'eval'>
  readonly heartbeatRedis: OpenRedis<'get'>
}

/**
 * Are Celery workers alive and consuming? Asks them over the broker (`control`), reads the time that a beat task
 * wrote (`heartbeat`), or both at once.
 *
 * @example
 * createWorker({ expected, checks: [celeryCheck({ name: 'jobs', redis: redisOverRest({ url, token }) })] })
 */
export function celeryCheck(options: CeleryCheckOptions, clock: Clock = systemClock): Check {
  const { name = 'celery', dependsOn, heartbeatRedis = options.redis } = options
  const settings: Settings = { ...defaultSettings, ...options, heartbeatRedis }
  const { probe } = settings
  const stuckQueues = createStuckQueues()
  return {
    name,
    ...(dependsOn !== undefined && { dependsOn }),
    run: async ({ signal }) => {
      const [control, heartbeat] = await Promise.all([
        probe === 'heartbeat' ? {} : controlProbe(settings, stuckQueues, clock, signal),
        probe === 'control' ? {} : heartbeatProbe(settings, clock, signal),
      ])
      return named(name, 'celery', verdict(settings, { ...control, ...heartbeat }))
    },
  }
}

const endsWorkers =
  'a control_exchange with / is not supported: a worker that gets a request there ends with an error (_receive_one in ' +
  'kombu/transport/redis.py); use the heartbeat'

async function controlProbe(
  settings: Settings,
  stuckQueues: StuckQueues,
  clock: Clock,
  signal: AbortSignal,
): Promise<Observation> {
  if (settings.controlExchange.includes('/')) throw new CheckError('not_configured', endsWorkers)
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

async function heartbeatProbe(settings: Settings, clock: Clock, signal: AbortSignal): Promise<Observation> {
  const redis = settings.heartbeatRedis(signal)
  return { heartbeat: { ageSeconds: await readHeartbeat(redis, settings, clock) } }
}
