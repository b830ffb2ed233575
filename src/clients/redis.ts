import { Redis } from '@upstash/redis/cloudflare'
import { Failure } from '../check.ts'
import { boundedFetch } from './bounded-fetch.ts'

/** Where a Redis is asked over REST. */
export interface RedisConnection {
  readonly url: string
  readonly token: string
}

/** A fault of Redis or of the way to it. */
export class RedisFailure extends Failure {
  /** First word of Redis's error reply, `NOPERM`, `OOM`, `READONLY`, where Redis itself answered with an error. */
  declare readonly reply: string | undefined
}

/**
 * The SDK's commands over a requester of our own: one bounded request for each command, no retry, nothing parsed.
 * Replies are what Redis said: strings, numbers, null and lists of them.
 */
class BoundedRedis extends Redis {
  constructor({ url, token }: RedisConnection, signal: AbortSignal) {
    super({
      url,
      token,
      retry: { retries: 0 },
      enableAutoPipelining: false,
      enableTelemetry: false,
      automaticDeserialization: false,
    })
    this.client = {
      request: async ({ path = [], body }) => {
        const { text } = await boundedFetch([url.replace(/\/+$/, ''), ...path].join('/'), {
          method: 'POST',
          headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
          body: JSON.stringify(body),
          signal,
        })
        return JSON.parse(text)
      },
    }
  }
}

/** A client for one run: nothing outlives the signal. Ask for the slice you need: `Pick<Redis, 'get'>`. */
export function createRedis(connection: RedisConnection, signal: AbortSignal): Redis {
  return new BoundedRedis(connection, signal)
}
