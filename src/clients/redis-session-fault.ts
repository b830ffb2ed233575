import { CheckError } from '../core/check.ts'
import { errorCode } from '../core/error-code.ts'
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
    if (error instanceof Error && isReply(error)) return redisReplyFault(error.message)
  }
  const code = errors.map(systemCode).find((each) => each !== undefined)
  if (code === undefined) {
    if (errors.some(saysClosed)) return new ConnectionClosed()
    if (errors.some(saysNotConnected))
      return new CheckError('unreachable', 'the client of the application has no connection')
    return new CheckError('error', 'the driver threw an error that is not known here')
  }
  if (closedCodes.includes(code)) return new ConnectionClosed()
  if (code === 'ETIMEDOUT') return new CheckError('timeout', `the connection failed (${code})`)
  return new CheckError('unreachable', `the connection failed (${code})`)
}

/** ioredis's `CONNECTION_CLOSED_ERROR_MSG`, and what node-redis says where the socket closed. */
const saysClosed = (error: unknown): boolean =>
  error instanceof Error &&
  /^(Connection is closed|Socket closed unexpectedly|The client is closed)/.test(error.message)

/** What a client without a connection says: ioredis, its cluster, node-redis, its cluster. */
const saysNotConnected = (error: unknown): boolean =>
  error instanceof Error &&
  /^(Reached the max retries per request limit|Stream isn't writeable|Failed to refresh slots cache|The client is offline|Disconnects client|All the root nodes are unavailable)/.test(
    error.message,
  )

/**
 * An error reply begins with a word of capitals (https://redis.io/docs/latest/develop/reference/protocol-spec/#simple-errors).
 * The class of the error proves nothing: its name is another one in a minified bundle. Errors of the system have a code.
 */
const isReply = (error: Error): boolean =>
  errorCode(error) === undefined && /^[A-Z][A-Z0-9]{2,}\b/.test(error.message)
