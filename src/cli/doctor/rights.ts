import type { Config } from '../../config/config.ts'
import { openPostgresOf, openRedisOf } from '../../configured-clients.ts'
import { nodeTransports } from '../../platforms/node/transports.ts'
import { isBrokerApart } from './plan-of.ts'
import { tryPostgresRights } from './postgres-rights.ts'
import { applicationRights, brokerRights, type RedisRight } from './redis-rights.ts'
import { type TriedRights, tryRedisRights } from './try-redis-rights.ts'

/** Rights by server: `Postgres`, `Redis`, and `broker` where that is another Redis. */
export type RightsByServer = Readonly<Record<string, TriedRights>>

/** Where HEALTH_STORE_KEY is not set, the function makes the key of its service's name, which nobody knows here. */
const anyStoreKey = 'edge-health:doctor'

/**
 * The rights that are missing on each server that the configuration names.
 *
 * @param expected what compile wrote
 */
export async function tryRights(config: Config, expected: object | undefined): Promise<RightsByServer> {
  const { checkers, postgres, redis, celery, store } = config
  const openPostgres = postgres && openPostgresOf(postgres, nodeTransports)
  const broker = checkers.includes('celery') ? celery : undefined
  const ofBroker = broker ? brokerRights(broker) : []
  const isApart = broker !== undefined && isBrokerApart(config)
  const ofRedis = [...applicationRights(config, store?.key ?? anyStoreKey), ...(isApart ? [] : ofBroker)]
  const tryAt = (connection: typeof redis, rights: readonly RedisRight[]) => {
    const open = connection && openRedisOf(connection, nodeTransports)
    return open && rights.length > 0 ? tryRedisRights(rights, open) : undefined
  }
  const [inPostgres, inRedis, inBroker] = await Promise.all([
    openPostgres && checkers.includes('migrations') ? tryPostgresRights(openPostgres, expected) : undefined,
    tryAt(redis, ofRedis),
    isApart ? tryAt(broker.connection, ofBroker) : undefined,
  ])
  return {
    ...(inPostgres && { Postgres: inPostgres }),
    ...(inRedis && { Redis: inRedis }),
    ...(inBroker && { broker: inBroker }),
  }
}
