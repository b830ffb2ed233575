import { Redis, type Requester, type UpstashRequest } from '@upstash/redis/cloudflare'
import { CheckError } from '../core/check.ts'
import { boundedFetch, closedUnanswered } from './bounded-fetch.ts'
import { parseJson } from './json.ts'
import { RedisError, redisFault } from './redis-fault.ts'

export { RedisError } from './redis-fault.ts'

/** Where a Redis is asked over REST. */
export interface RedisConnection {
  readonly url: string
  readonly token: string
}

export interface RedisOptions {
  /** Whether a command is sent again after its connection was closed unanswered. Not for one that does harm twice. */
  readonly retry?: boolean
}

/**
 * The SDK's commands over a requester of our own: one bounded request for each command, nothing parsed, and no retry but
 * on a connection that was closed before any answer came.
 * The SDK's requester reads an answer of any size and takes a signal only as a function.
 */
class BoundedRedis extends Redis {
  constructor({ url, token }: RedisConnection, signal: AbortSignal, { retry = true }: RedisOptions) {
    super({
      url,
      token,
      retry: false,
      enableAutoPipelining: false,
      enableTelemetry: false,
      automaticDeserialization: false,
    })
    const base = url.replace(/\/+$/, '')
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
    const request = async ({ path = [], body }: UpstashRequest) => {
      const init = { method: 'POST', headers, body: JSON.stringify(body), signal }
      const send = () => boundedFetch([base, ...path].join('/'), init)
      const { status, text } = await send().catch((error) => {
        if (retry && error instanceof CheckError && closedUnanswered(error)) return send()
        throw error
      })
      return { result: resultOf(status, text) }
    }
    this.client = { request } as Requester
  }
}

/** `{"result": …}`, or `{"error": "…"}` with any status (https://upstash.com/docs/redis/features/restapi). */
function resultOf(status: number, text: string): never {
  const answer = parseJson(text)
  if (typeof answer !== 'object' || answer === null) {
    throw status >= 200 && status <= 299
      ? new RedisError('wrong_answer', 'the answer is not JSON', { status })
      : redisFault(status, text.startsWith('<') ? undefined : plainText(text))
  }
  const { result, error } = answer as { result?: unknown; error?: unknown }
  if (typeof error === 'string') throw redisFault(status, error)
  if (status < 200 || status > 299) throw redisFault(status, undefined)
  if (result === undefined) throw new RedisError('wrong_answer', 'the answer holds no result', { status })
  return result as never
}

/** Proxies in front of the service answer in plain text, `Unauthorized` or `upstream timed out`. */
const plainText = (text: string): string | undefined => text.trim().slice(0, 200) || undefined

/**
 * A client for one run: nothing outlives the signal. Replies are what Redis said: strings, numbers, null and lists
 * of them. Ask for the slice you need: `Pick<Redis, 'get'>`.
 *
 * @throws {CheckError} from every command, a {@link RedisError} where the service or Redis answered
 */
export function createRedis(
  connection: RedisConnection,
  signal: AbortSignal,
  options: RedisOptions = {},
): Redis {
  return new BoundedRedis(connection, signal, options)
}
