import { randomUUID } from 'node:crypto'
import type { Redis } from 'ioredis'
import RedisMock from 'ioredis-mock'
import { messageOf } from '../compile/compile-error.ts'
import { type RedisBackend, type RedisCommand, RedisError, type RedisReply } from './redis-backend.ts'
import { malformed } from './redis-commands.ts'

/** A Redis in this process. */
interface EmbeddedRedis extends RedisBackend {
  /** A client of its own on the same data, for code of this process that subscribes or works on the keys. */
  client(): Redis
}

/**
 * An empty Redis in this process (ioredis-mock). It keeps keys, lists, sets, hashes, expiries, channels and runs Lua;
 * it does not notice when a command for a string is used on a list.
 */
export function embeddedRedisBackend(): EmbeddedRedis {
  // Instances of ioredis-mock share their data by host and port.
  const host = `embedded-${randomUUID()}`
  const main: Redis = new RedisMock({ host, port: 6379 } as object)
  const clients: Redis[] = [main]
  const session = { execute: (command: RedisCommand) => execute(main, command) }
  return {
    session: async (_signal, use) => use(session),
    transaction: async (commands) => {
      for (const command of commands) {
        const complaint = malformed(command)
        if (complaint) throw new RedisError(`EXECABORT Transaction discarded because of: ${complaint}`)
      }
      return Promise.all(commands.map((command) => session.execute(command).catch(asRedisError)))
    },
    client() {
      const client = main.duplicate()
      clients.push(client)
      return client
    },
    async close() {
      for (const client of clients) client.disconnect()
    },
  }
}

async function execute(client: Redis, command: RedisCommand): Promise<RedisReply> {
  const complaint = malformed(command)
  if (complaint) throw new RedisError(complaint)
  const [name, ...args] = withUpperCaseOptions(command)
  if (name.toLowerCase() === 'getrange') return getRange(client, args)
  try {
    // Only names of Redis commands come here, never other methods of the object.
    const method: unknown = Reflect.get(client, `${name.toLowerCase()}Buffer`)
    if (typeof method !== 'function') throw new RedisError(notHere)
    return toReply(await Reflect.apply(method, client, args))
  } catch (error) {
    throw asRedisError(error)
  }
}

/** ioredis-mock has no GETRANGE. A negative number counts from the end, and both ends are included. */
async function getRange(client: Redis, [key = '', from, to]: readonly string[]): Promise<RedisReply> {
  const [start, end] = [Number(from), Number(to)]
  if (!Number.isInteger(start) || !Number.isInteger(end)) {
    throw new RedisError('ERR value is not an integer or out of range')
  }
  const value = await execute(client, ['GET', key])
  if (!Buffer.isBuffer(value)) return Buffer.alloc(0)
  const at = (index: number) => Math.max(0, index < 0 ? value.length + index : index)
  return value.subarray(at(start), at(end) + 1)
}

/** After how many arguments the options of a command begin. ioredis-mock knows them in upper case only. */
const optionsAfter: Readonly<Record<string, number>> = {
  expire: 2,
  getex: 1,
  hscan: 2,
  pexpire: 2,
  scan: 1,
  set: 2,
  sscan: 2,
  zrange: 3,
  zrangebyscore: 3,
  zrevrange: 3,
  zrevrangebyscore: 3,
  zscan: 2,
}
const option =
  /^(ex|px|exat|pxat|nx|xx|gt|lt|get|keepttl|persist|withscores|byscore|bylex|rev|limit|match|count|type)$/i

function withUpperCaseOptions([name, ...args]: RedisCommand): RedisCommand {
  const from = Object.hasOwn(optionsAfter, name.toLowerCase()) ? optionsAfter[name.toLowerCase()] : undefined
  if (from === undefined) return [name, ...args]
  return [name, ...args.map((arg, index) => (index >= from && option.test(arg) ? arg.toUpperCase() : arg))]
}

/** The raw reply, undone of what ioredis makes of it: HGETALL is an object there. */
function toReply(value: unknown): RedisReply {
  if (value === undefined || value === null) return null
  if (Buffer.isBuffer(value)) return value
  if (typeof value === 'string') return Buffer.from(value)
  if (typeof value === 'boolean') return value ? 1 : null
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new RedisError('ERR value is not an integer or out of range')
    return Math.trunc(value)
  }
  if (Array.isArray(value)) return value.map(toReply)
  return Object.entries(value).flatMap(([field, item]) => [Buffer.from(field), toReply(item)])
}

const notHere = 'ERR the embedded Redis does not have this command; set REDIS_URL to use a real one'
const unsupported = /^Unsupported command|Currently not implemented/
const luaPrefix = /^Error trying to loading or executing lua code string in VM: /

function asRedisError(error: unknown): RedisError {
  if (error instanceof RedisError) return error
  const message = messageOf(error)
  if (unsupported.test(message)) return new RedisError(notHere)
  if (luaPrefix.test(message))
    return new RedisError(`ERR Error running script: ${message.replace(luaPrefix, '')}`)
  return new RedisError(/^[A-Z]+ /.test(message) ? message : `ERR ${message}`)
}
