import { startDatabase } from './database-stand-in.ts'
import type { Variables } from './environment.ts'
import { startRedis } from './redis-stand-in.ts'
import type { StackOptions, StandIn } from './stand-in.ts'

/** Everything that the Worker of `npm start` depends on. */
export interface Stack {
  readonly database: StandIn
  readonly redis: StandIn
  readonly variables: Variables
  /** Resolves when everything can answer. Rejects with a StartError. */
  readonly ready: Promise<void>
  close(): Promise<void>
}

/**
 * Starts what the environment asks for; when one part cannot be started, the others are stopped again.
 * @throws {StartError}
 */
export async function startStack(options: StackOptions): Promise<Stack> {
  const [database, redis] = await Promise.allSettled([startDatabase(options), startRedis(options)])
  if (database.status === 'rejected' || redis.status === 'rejected') {
    for (const part of [database, redis]) if (part.status === 'fulfilled') await part.value.close()
    throw [database, redis].find((part) => part.status === 'rejected')?.reason
  }
  return {
    database: database.value,
    redis: redis.value,
    variables: { ...database.value.variables, ...redis.value.variables },
    ready: Promise.all([database.value.ready, redis.value.ready]).then(() => {}),
    async close() {
      await Promise.all([database.value.close(), redis.value.close()])
    },
  }
}
