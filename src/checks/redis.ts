import type { OpenRedis, Redis } from '../clients/interfaces.ts'
import { RedisError } from '../clients/redis-fault.ts'
import { type Check, CheckError, type Outcome } from '../core/check.ts'

const key = 'edge-health:probe'
const expireSeconds = 60

/**
 * The name of the check, and the Redis that it asks.
 *
 * @example
 * const options: RedisCheckOptions = { name: 'sessions', redis: redisOverRest({ url, token }) }
 */
export interface RedisCheckOptions {
  /** The `checker` of the result. [redis] */
  readonly name?: string
  readonly redis: OpenRedis<'get' | 'set'>
  /** Also proves that Redis takes writes; the key expires after 60 s. [false] */
  readonly write?: boolean
}

/**
 * Is Redis there? Costs one command: a GET, because a database over its quota still answers PING
 * (`PING` is among the commands that Upstash does not count); with `write` a SET that returns the old value.
 *
 * @example
 * createWorker({ expected, checks: [redisCheck({ name: 'sessions', redis: redisOverRest({ url, token }) })] })
 */
export function redisCheck({ name = 'redis', redis, write = false }: RedisCheckOptions): Check {
  const ok: Outcome = { status: 'pass', code: 'ok', output: `${name} ok` }
  return {
    name,
    async run({ signal }) {
      try {
        const value = await probe(redis(signal), write)
        if (value !== null && typeof value !== 'string') {
          throw new CheckError('wrong_answer', 'the probe was answered by neither a text nor nothing')
        }
        return ok
      } catch (error) {
        // The server answered and knows the token: what this token may not do is not a fault of the server.
        if (error instanceof RedisError && error.reply === 'NOPERM' && !write) {
          return {
            ...ok,
            details: { note: `the token may not read ${key}; allow it with ACL rule ~${key} +get` },
          }
        }
        throw error
      }
    },
  }
}

function probe(redis: Pick<Redis, 'get' | 'set'>, write: boolean): Promise<unknown> {
  return write ? redis.set(key, 'written', { ex: expireSeconds, get: true }) : redis.get(key)
}
