import type { OpenRedis } from '../interfaces.ts'
import { redisOver } from '../redis-commands.ts'
import { redisSessionFault } from '../redis-session-fault.ts'

/** The part of a client of node-redis, the package `redis`, that is used here (https://github.com/redis/node-redis). */
interface NodeRedisClient {
  sendCommand(command: string[]): Promise<unknown>
}

/**
 * Asks over the connected node-redis client that the application has. When it is waiting for a connection, the check says
 * `timeout`.
 *
 * @example
 * const client = { sendCommand: async () => null }
 * const check = redisCheck({ name: 'sessions', redis: fromNodeRedis(client) })
 */
export function fromNodeRedis(client: NodeRedisClient): OpenRedis {
  return redisOver(() => async (command) => {
    try {
      return await client.sendCommand([...command])
    } catch (error) {
      throw redisSessionFault([error])
    }
  })
}
