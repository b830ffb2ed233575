import { CheckError } from '../../core/check.ts'
import type { OpenRedis } from '../interfaces.ts'
import { redisOver } from '../redis-commands.ts'
import { redisSessionFault } from '../redis-session-fault.ts'

/** The part of an ioredis client that is used here (https://github.com/redis/ioredis). */
interface IoredisClient {
  call(command: string, ...args: string[]): Promise<unknown>
  readonly options?: { readonly keyPrefix?: string | undefined }
}

const prefixed =
  'the ioredis client puts its keyPrefix before the keys of Celery: hand over one without it, and set the keyPrefix of ' +
  'celeryCheck where Celery has a global_keyprefix'

/**
 * Asks over the ioredis client that the application has. Its own settings say what is sent again; when it is waiting for a
 * connection, the check says `timeout`. A client in subscriber mode cannot be asked: hand over `client.duplicate()`. For
 * `celeryCheck` it may have no `keyPrefix`: workers would answer into keys without it, which nobody reads or lets expire.
 *
 * @example
 * const client = { call: async () => null }
 * const check = redisCheck({ name: 'sessions', redis: fromIoredis(client) })
 */
export function fromIoredis(client: IoredisClient): OpenRedis {
  return redisOver(() => async ([name = '', ...args]) => {
    if (name === 'EVAL' && client.options?.keyPrefix) throw new CheckError('not_configured', prefixed)
    try {
      return await client.call(name, ...args)
    } catch (error) {
      throw redisSessionFault([error])
    }
  })
}
