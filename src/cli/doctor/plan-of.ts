import type { CeleryConfig } from '../../config/celery.ts'
import type { Config } from '../../config/config.ts'
import type { ConfiguredRedis } from '../../config/connections.ts'
import type { Commands, Plan, RedisDatabase } from './plan.ts'

/** One healthy run of the Celery check asks the workers with these (docs/celery.md, "What it costs"). */
const control: Commands = { reads: 5, writes: 4 }
/** What each worker that answers costs: it looks up the binding, and pushes its answer. */
const perWorker: Commands = { reads: 1, writes: 1 }
const defaultPrioritySteps = 4

/** What is asked, how often, and what cannot be read from the configuration. */
export interface Asked extends Pick<Plan, 'crons' | 'monitor'> {
  /** How many workers answer. */
  readonly workers: number
  readonly regions: number
}

/** The plan of a configuration. */
export function planOf(config: Config, { crons, monitor, workers, regions }: Asked): Plan {
  const { checkers, timing, celery, store } = config
  const commands: Plan['commands'] = {
    ...(checkers.includes('redis') && {
      redis: { database: 'application' as const, ...(config.redisWrite ? oneWrite : oneRead) },
    }),
    ...(celery &&
      checkers.includes('celery') && {
        celery: {
          database: isBrokerApart(config) ? ('broker' as const) : ('application' as const),
          ...celeryCommands(celery, workers),
        },
      }),
  }
  return {
    checks: checkers,
    ttlSeconds: Object.fromEntries(checkers.map((name) => [name, timing.ttlMs(name, 'pass') / 1000])),
    commands,
    hasStore: store !== undefined,
    crons,
    monitor,
    regions,
    billed: billedIn(config),
  }
}

/** Whether Celery's broker is another Redis than that of the application. */
export const isBrokerApart = ({ celery, redis }: Config): boolean =>
  celery !== undefined && celery.connection.url !== redis?.url

/** SQL over HTTP is Neon's, and Redis over REST is Upstash's; a database of Upstash may be asked over TCP too. */
function billedIn({ postgres, redis, celery }: Config): Plan['billed'] {
  const isUpstash = (connection: ConfiguredRedis | undefined) =>
    connection?.transport === 'rest' ||
    (connection !== undefined && new URL(connection.url).hostname.endsWith('.upstash.io'))
  return new Set<'database' | RedisDatabase>([
    ...(postgres?.transport === 'http' ? (['database'] as const) : []),
    ...(isUpstash(redis) ? (['application'] as const) : []),
    ...(isUpstash(celery?.connection) ? (['broker'] as const) : []),
  ])
}

const oneRead: Commands = { reads: 1, writes: 0 }
const oneWrite: Commands = { reads: 0, writes: 1 }

/** Billed commands of one healthy run, those of the workers' answers too. */
export function celeryCommands(
  {
    probe,
    queues = [],
    maxBacklog,
    prioritySteps,
  }: Partial<Pick<CeleryConfig, 'queues' | 'maxBacklog' | 'prioritySteps'>> & Pick<CeleryConfig, 'probe'>,
  workers: number,
): Commands {
  if (probe === 'heartbeat') return oneRead
  const isCounted = maxBacklog !== undefined
  const steps = isCounted ? (prioritySteps?.length ?? defaultPrioritySteps) : 0
  // Without CELERY_QUEUES the workers say which queues there are: one at least.
  const looks = queues.length > 0 || isCounted ? 1 + Math.max(1, queues.length) * (1 + steps) : 0
  const heartbeat = probe === 'both' ? 1 : 0
  return {
    reads: control.reads + perWorker.reads * workers + looks + heartbeat,
    writes: control.writes + perWorker.writes * workers,
  }
}
