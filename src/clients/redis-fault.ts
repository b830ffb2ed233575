import { CheckError, type FaultCode } from '../core/check.ts'
import { faultOfHttpStatus } from './http-status.ts'

/** A fault of Redis or of the way to it. */
export class RedisError extends CheckError {
  /** First word of Redis's error reply, `NOPERM`, `OOM`, `READONLY`, where Redis itself answered with an error. */
  readonly reply: string | undefined

  constructor(
    code: FaultCode,
    message: string,
    options: { reply?: string | undefined; status?: number | undefined } = {},
  ) {
    const { reply, status } = options
    super(code, message, {
      details: { ...(reply ? { reply } : {}), ...(status ? { http_status: status } : {}) },
    })
    this.reply = reply
  }
}

/**
 * Error replies by their beginning. Sources: upstash/docs, redis/troubleshooting/*.mdx, for those of Upstash;
 * https://redis.io/docs/latest/develop/reference/errors/ for Redis's own. Any other is `error`.
 */
export const replyRules: readonly (readonly [RegExp, FaultCode])[] = [
  [/^ERR max (daily |monthly )?requests? limit exceeded/i, 'quota_exceeded'],
  [/^ERR max (daily |monthly )?bandwidth limit exceeded/i, 'quota_exceeded'],
  [/^ERR max concurrent connections exceeded/i, 'quota_exceeded'],
  [/^ERR max number of clients reached/i, 'quota_exceeded'],
  [/^ERR DB capacity quota exceeded/i, 'quota_exceeded'],
  // "… suspended for exceeding the defined budget limit" (upstash/docs, common/account/faq.mdx: operations are stopped).
  [/^ERR This database has been suspended\b/i, 'quota_exceeded'],
  [/^(WRONGPASS|NOAUTH|NOPERM|Unauthorized)\b/i, 'unauthorized'],
  [/^(LOADING|MASTERDOWN|CLUSTERDOWN)\b/, 'unreachable'],
]

/** The longest part of an error reply that is kept, in characters; the scrub cuts it shorter. */
const maxMessageLength = 8000

/**
 * The fault in an answer of the REST service.
 *
 * @param error its `error` member; the service repeats the whole command after `, command was:`, which is cut off
 */
export function redisFault(status: number, error: string | undefined): RedisError {
  if (error === undefined)
    return new RedisError(faultOfHttpStatus(status), `HTTP ${status} without an error reply`, { status })
  // Error replies of Redis come with 400 (200 in a pipeline); any other status is an answer of the service itself.
  const unknown = status <= 400 ? 'error' : faultOfHttpStatus(status)
  return replyFault(error.replace(/, command was:.*/s, ''), unknown, status)
}

/**
 * The fault in an error reply that Redis itself sent.
 *
 * @example
 * redisReplyFault('NOPERM this user has no permissions').code // 'unauthorized'
 */
export const redisReplyFault = (message: string): RedisError => replyFault(message, 'error')

function replyFault(message: string, unknown: FaultCode, status?: number): RedisError {
  const said = message.slice(0, maxMessageLength)
  const rule = replyRules.find(([beginning]) => beginning.test(said))
  const reply = /^([A-Z]{2,})\b/.exec(said)?.[1]
  return new RedisError(rule?.[1] ?? unknown, said, { reply, status })
}
