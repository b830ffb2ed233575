import { Redis, ReplyError } from 'ioredis'
import {
  type RedisBackend,
  type RedisCommand,
  RedisError,
  type RedisReply,
  type RedisSession,
} from './redis-backend.ts'

/**
 * A real Redis behind the REST API. Every request has a connection of its own, so the server may be stopped and
 * restarted in between and no command waits for another request's.
 */
export function redisBackend(redisUrl: string): RedisBackend {
  return {
    session: (signal, use) =>
      connected(redisUrl, signal, (client) => use({ execute: (command) => execute(client, command) })),
    transaction: (commands, signal) => connected(redisUrl, signal, (client) => transaction(client, commands)),
    close: async () => {},
  }
}

/** How long a connection attempt may take, and the probe as a whole, in ms. */
const connectTimeoutMs = 10_000

/**
 * Connects once and asks for a PING.
 * @param options.signal ends it
 * @throws what ioredis throws when Redis cannot be used, or an error that says that there is no answer
 */
export async function probeRedis(
  redisUrl: string,
  { signal, timeoutMs = connectTimeoutMs }: { readonly signal: AbortSignal; readonly timeoutMs?: number },
): Promise<void> {
  // A server that is frozen still accepts connections: that is the kernel's part.
  const timeout = AbortSignal.timeout(timeoutMs)
  try {
    await connected(redisUrl, AbortSignal.any([signal, timeout]), (client) => client.ping())
  } catch (error) {
    throw timeout.aborted ? new Error(`no answer within ${timeoutMs / 1000} s`) : error
  }
}

async function connected<T>(
  url: string,
  signal: AbortSignal,
  use: (client: Redis) => Promise<T>,
): Promise<T> {
  const client = new Redis(url, {
    lazyConnect: true,
    retryStrategy: () => null,
    enableReadyCheck: false,
    disableClientInfo: true,
    connectTimeout: connectTimeoutMs,
  })
  let refused: unknown
  // A wrong password shows here and nowhere else.
  client.on('error', (error) => {
    refused = error
  })
  const abort = () => {
    client.disconnect()
    // A frozen server would never end the connection.
    client.stream?.destroy()
  }
  signal.addEventListener('abort', abort)
  try {
    signal.throwIfAborted()
    await client.connect()
    return await use(client)
  } catch (error) {
    throw redisError(refused ?? error)
  } finally {
    signal.removeEventListener('abort', abort)
    // A second time it would keep this process for the 2 s that ioredis grants the server.
    if (!signal.aborted) client.disconnect()
  }
}

async function execute(client: Redis, [name, ...args]: RedisCommand): Promise<RedisReply> {
  // ioredis makes an object of the reply to `hgetall`, but not of that to `HGETALL`.
  return (await client.callBuffer(/^hgetall$/i.test(name) ? 'HGETALL' : name, ...args).catch((error) => {
    throw redisError(error)
  })) as RedisReply
}

async function transaction(client: Redis, commands: readonly RedisCommand[]) {
  const session: RedisSession = { execute: (command) => execute(client, command) }
  await session.execute(['MULTI'])
  for (const command of commands) await session.execute(command).catch(() => {})
  // Errors of single commands are elements of EXEC's reply, which ioredis keeps as Error objects.
  const replies = (await session.execute(['EXEC'])) as readonly (RedisReply | Error)[]
  return replies.map((reply) => (reply instanceof Error ? new RedisError(reply.message) : reply))
}

function redisError(error: unknown): unknown {
  return error instanceof Error && error instanceof ReplyError ? new RedisError(error.message) : error
}
