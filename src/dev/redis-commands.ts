import { exists, hasFlag } from '@ioredis/commands'
import table from '@ioredis/commands/built/commands.json' with { type: 'json' }
import type { RedisCommand } from './redis-backend.ts'

/**
 * What needs a connection that lives on, or a server of one's own: the REST API has none of it
 * (https://upstash.com/docs/redis/overall/rediscompatibility).
 */
const withoutRest = new Set(
  (
    'auth asking bgrewriteaof bgsave blmove blmpop blpop brpop brpoplpush bzmpop bzpopmax bzpopmin client cluster config ' +
    'debug discard exec failover hello latency lolwut memory migrate module monitor multi psubscribe psync punsubscribe ' +
    'quit readonly readwrite replicaof reset role save select shutdown slaveof slowlog ssubscribe subscribe sunsubscribe ' +
    'swapdb sync unsubscribe unwatch wait waitaof watch'
  ).split(' '),
)

/** How many words a command has, its name included; at least so many where it is negative. */
const arities = new Map(Object.entries(table).map(([name, { arity }]) => [name, arity]))

/** What a read-only token may not do although no key is written. */
const withheldFromReaders = new Set(['publish', 'spublish', 'eval', 'evalsha', 'fcall', 'script', 'function'])

/** Harmless commands that Redis does not flag as reading, because they touch no key. */
const forReaders = new Set(['ping', 'echo', 'time', 'info', 'command', 'pubsub'])

/** Why the REST API refuses the command before Redis is asked; undefined when it does not. */
export function refusal(command: RedisCommand, readOnly: boolean): string | undefined {
  const name = command[0].toLowerCase()
  if (withoutRest.has(name)) {
    return `ERR Command is not available: '${command[0].toUpperCase()}'. See https://upstash.com/docs/redis/overall/rediscompatibility for details`
  }
  if (readOnly && !isForReaders(name)) {
    return `NOPERM this user has no permissions to run the '${name}' command`
  }
  return undefined
}

function isForReaders(name: string): boolean {
  if (withheldFromReaders.has(name)) return false
  return forReaders.has(name) || (exists(name) && hasFlag(name, 'readonly'))
}

/** Redis's own complaint about a command that does not exist or has the wrong number of arguments; undefined when it is well-formed. */
export function malformed(command: RedisCommand): string | undefined {
  const [name, ...args] = command
  const arity = arities.get(name.toLowerCase())
  if (arity === undefined) {
    const shown = args.map((arg) => `'${arg}' `).join('')
    return `ERR unknown command '${name}', with args beginning with: ${shown}`
  }
  const fits = arity < 0 ? command.length >= -arity : command.length === arity
  return fits ? undefined : `ERR wrong number of arguments for '${name.toLowerCase()}' command`
}
