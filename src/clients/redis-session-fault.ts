import { CheckError } from '../core/check.ts'
import { ConnectionClosed } from './connection-closed.ts'
import { type RedisError, redisReplyFault } from './redis-fault.ts'
import { systemCode } from './system-code.ts'

/** What the system says of a connection that the other end closed. */
const closedCodes = ['ECONNRESET', 'EPIPE']

/**
 * What a driver for Redis over TCP threw, as a fault. The texts of the system hold hosts and addresses, so only its codes are
 * kept.
 *
 * @param errors the most telling one first
 */
export function redisSessionFault(errors: readonly unknown[]): CheckError | RedisError {
  for (const error of errors) {
    if (error instanceof CheckError) return error
    // ioredis (redis-errors) and node-redis name the class of Redis's own error replies so, or derive from it.
    if (error instanceof Error && isReply(error)) return redisReplyFault(error.message)
  }
  const code = errors.map(systemCode).find((each) => each !== undefined)
  if (code === undefined || closedCodes.includes(code)) return new ConnectionClosed()
  if (code === 'ETIMEDOUT') return new CheckError('timeout', `the connection failed (${code})`)
  return new CheckError('unreachable', `the connection failed (${code})`)
}

/** An error reply begins with a word of capitals (https://redis.io/docs/latest/develop/reference/protocol-spec/#simple-errors). */
function isReply(error: Error): boolean {
  const names = [error.name, error.constructor.name]
  const isNamed = names.some((name) => /^(ReplyError|SimpleError|BlobError|ErrorReply)$/.test(name))
  return isNamed && /^[A-Z][A-Z0-9]+\b/.test(error.message)
}
