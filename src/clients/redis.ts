import { Redis as UpstashRedis, type UpstashRequest } from '@upstash/redis/cloudflare'
import { CheckError } from '../core/check.ts'
import { isRecord } from '../core/is-record.ts'
import { type BoundedAnswer, boundedFetch, closedUnanswered } from './bounded-fetch.ts'
import { edgeFault } from './cloudflare-edge.ts'
import type { OpenRedis, Redis, RedisOptions } from './interfaces.ts'
import { parseJson } from './json.ts'
import { RedisError, redisFault } from './redis-fault.ts'

export type { OpenRedis, RedisOptions } from './interfaces.ts'
export { RedisError } from './redis-fault.ts'

/**
 * Where a Redis is reached over REST.
 *
 * @example
 * const connection: RedisConnection = { url: 'https://eu1-x.upstash.io', token: 'the standard token' }
 */
export interface RedisConnection {
  readonly url: string
  readonly token: string
}

/**
 * The SDK's commands over requesters of our own, since the SDK's reads an answer of any size and takes a signal only as a
 * function. Nothing in the replies is parsed.
 */
class Commands extends UpstashRedis {
  constructor({ url, token }: RedisConnection) {
    super({
      url,
      token,
      retry: false,
      enableAutoPipelining: false,
      enableTelemetry: false,
      automaticDeserialization: false,
    })
  }

  /**
   * For one command, which reads its requester when it begins. To make the SDK's 200 commands anew for each run costs more
   * than to send one.
   */
  over(requester: Requester): this {
    this.client = requester
    return this
  }
}

type Requester = UpstashRedis['client']

/**
 * Sends once more where the connection was closed before an answer came. Where Node throws an error, Cloudflare's edge
 * answers 520, "the origin web server unexpectedly closed or reset the connection".
 */
async function sendAgainWhereClosed(send: () => Promise<BoundedAnswer>): Promise<BoundedAnswer> {
  const first = await send().catch((error: unknown) => {
    if (error instanceof CheckError && closedUnanswered(error)) return undefined
    throw error
  })
  return first === undefined || first.status === 520 ? send() : first
}

/** `{"result": …}`, or `{"error": "…"}` with any status (https://upstash.com/docs/redis/features/restapi). */
function resultOf({ status, text }: BoundedAnswer): unknown {
  const answer = parseJson(text)
  if (!isRecord(answer)) throw faultWithoutJson(status, text)
  const { result, error } = answer
  if (typeof error === 'string') throw redisFault(status, error)
  if (status < 200 || status > 299) throw redisFault(status, undefined)
  if (result === undefined) throw new RedisError('wrong_answer', 'the answer holds no result', { status })
  return result
}

function faultWithoutJson(status: number, text: string): RedisError {
  if (status >= 200 && status <= 299)
    return new RedisError('wrong_answer', 'the answer is not a JSON object', { status })
  const edge = edgeFault(status, text)
  if (edge !== undefined) return new RedisError('unreachable', edge, { status })
  return redisFault(status, text.startsWith('<') ? undefined : plainText(text))
}

/** Proxies in front of the service answer in plain text, `Unauthorized` or `upstream timed out`. */
const plainText = (text: string): string | undefined => text.trim().slice(0, 200) || undefined

/**
 * Opens clients that ask over REST.
 *
 * @example
 * createWorker({ expected, checks: [redisCheck({ name: 'sessions', redis: redisOverRest({ url, token }) })] })
 */
export function redisOverRest(connection: RedisConnection): OpenRedis {
  let commands: Commands | undefined
  return (signal, options) => {
    commands ??= new Commands(connection)
    return clientOf(commands, connection, signal, options)
  }
}

/**
 * A client for one run: nothing outlives the signal. Replies are what Redis sent: strings, numbers, null and lists
 * of them.
 *
 * @example
 * const value = await createRedis({ url, token }, signal).get('key')
 * @throws {CheckError} from every command, a {@link RedisError} where the service or Redis answered
 */
export function createRedis(connection: RedisConnection, signal: AbortSignal, options?: RedisOptions): Redis {
  return clientOf(new Commands(connection), connection, signal, options)
}

/** One bounded request for each command, and a second one only where the connection was closed before an answer came. */
function clientOf(
  commands: Commands,
  { url, token }: RedisConnection,
  signal: AbortSignal,
  { retry = true }: RedisOptions = {},
): Redis {
  const base = url.replace(/\/+$/, '')
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
  let servedAt: number | undefined
  const post = async ({ path = [], body }: UpstashRequest) => {
    const init = { method: 'POST', headers, body: JSON.stringify(body), signal }
    const send = () => boundedFetch([base, ...path].join('/'), init)
    const answer = await (retry ? sendAgainWhereClosed(send) : send())
    servedAt = Date.parse(answer.headers.get('date') ?? '') || undefined
    return answer
  }
  const requester: Requester = {
    // The SDK leaves the type of a reply to the caller; nothing checks it here.
    request: async <T>(command: UpstashRequest) => ({ result: resultOf(await post(command)) as T }),
  }
  return {
    get servedAt() {
      return servedAt
    },
    get: (key) => commands.over(requester).get(key),
    getrange: (key, start, end) => commands.over(requester).getrange(key, start, end),
    set: (key, value, options) => commands.over(requester).set(key, value, options),
    del: (...keys) => commands.over(requester).del(...keys),
    eval: (script, keys, args) => commands.over(requester).eval(script, keys, args),
  }
}
