import type { Outcome } from '../../../src/check.ts'
import { type CelerySettings, celeryCheck } from '../../../src/checks/celery/check.ts'
import { type RedisServer, startRedis } from '../../servers/redis.ts'
import { startRest } from './rest.ts'

/** A real Redis behind a REST server, and the check that asks it. */
export interface Broker {
  readonly redis: RedisServer
  settings(changes?: Partial<CelerySettings>): CelerySettings
  /** Runs the check once, with defaults but for the changes. */
  ask(changes?: Partial<CelerySettings>): Promise<Outcome>
  /** A connection as another user: `redis://user:password@host`. */
  connectAs(user: string, password: string): Promise<CelerySettings['connection']>
  close(): Promise<void>
}

export function settingsFor(
  connection: CelerySettings['connection'],
  changes: Partial<CelerySettings> = {},
): CelerySettings {
  return {
    connection,
    heartbeatConnection: connection,
    probe: 'control',
    expectedWorkers: 1,
    workers: [],
    queues: [],
    noReply: 'fail',
    keyPrefix: '',
    controlExchange: 'celery',
    timeoutMs: 1000,
    heartbeatKey: 'edge-health:celery',
    heartbeatMaxAgeSeconds: 180,
    ...changes,
  }
}

export async function startBroker(options: { redis?: Record<string, string>; lagMs?: number } = {}): Promise<Broker> {
  const redis = await startRedis(options.redis)
  const servers = [await startRest(redis.url, { lagMs: options.lagMs ?? 0 })]
  const connectionTo = (index: number) => ({ url: servers[index]?.url ?? '', token: 'planted-redis-token' })
  const settings = (changes?: Partial<CelerySettings>) => settingsFor(connectionTo(0), changes)
  return {
    redis,
    settings,
    ask: async (changes) =>
      celeryCheck(settings(changes)).run({ signal: AbortSignal.timeout(10_000), timeoutMs: 10_000 }),
    async connectAs(user, password) {
      servers.push(await startRest(redis.url.replace('redis://', `redis://${user}:${password}@`)))
      return connectionTo(servers.length - 1)
    },
    async close() {
      await Promise.all(servers.map((server) => server.close()))
      await redis.close()
    },
  }
}
