import type { RedisReply } from './redis-backend.ts'

/**
 * A reply as JSON. With `base64` every string is encoded but `OK`; without, bytes that are not UTF-8 become U+FFFD
 * (https://upstash.com/docs/redis/features/restapi, "Base64 Encoded Responses").
 */
export function replyBody(reply: RedisReply, base64: boolean): unknown {
  if (reply === null || typeof reply === 'number') return reply
  if (!Buffer.isBuffer(reply)) return (reply as readonly RedisReply[]).map((item) => replyBody(item, base64))
  const text = reply.toString('utf8')
  return base64 && text !== 'OK' ? reply.toString('base64') : text
}
