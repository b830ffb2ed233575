import type { OpenRedis } from '../interfaces.ts'
import { redisOver } from '../redis-commands.ts'
import { redisSessionFault } from '../redis-session-fault.ts'

/** The part of an ioredis client that is used here (https://github.com/redis/ioredis). */
export interface IoredisClient {
  call(command: string, ...args: string[]): Promise<unknown>
}

/**
 * Asks over the ioredis client that the application has. Its own settings say what is sent again; when it is waiting for a
 * connection, the check says `timeout`. A client in subscriber mode cannot be asked: hand over `client.duplicate()`.
 *
 * @example
 * const client = { call: async () => null }
 * const check = redisCheck({ name: 'sessions', redis: fromIoredis(client) })
 */
export function fromIoredis(client: IoredisClient): OpenRedis {
  return redisOver(() => async ([name = '', ...args]) => {
    try {
      return await client.call(name, ...args)
    } catch (error) {
      throw redisSessionFault([error])
    }
  })
}
