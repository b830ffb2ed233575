import type { Redis, RedisOptions } from 'ioredis'
import type { CheckError } from '../core/check.ts'
import { answerTooLarge, maxAnswerBytes } from './answer-size.ts'
import { ConnectionClosed } from './connection-closed.ts'
import type { OpenRedis } from './interfaces.ts'
import { redisOver, type SendCommand } from './redis-commands.ts'
import { redisSessionFault } from './redis-session-fault.ts'

/** The driver, https://github.com/redis/ioredis. */
export type IoredisClass = new (url: string, options: RedisOptions) => Redis

/**
 * Nothing is asked that a user with few rights may not do (INFO, CLIENT), and nothing is tried again behind the run's back.
 * The run's signal is the only timeout.
 */
const options: RedisOptions = {
  lazyConnect: true,
  enableReadyCheck: false,
  disableClientInfo: true,
  maxRetriesPerRequest: 0,
  retryStrategy: () => null,
  connectTimeout: 60_000,
}

/**
 * Opens clients that ask over TCP, with TLS where the URL begins with `rediss://`. Each run has one connection of its own and
 * keeps none: a kept one would not notice that new ones are refused.
 *
 * @param load loads the driver, when the first run asks
 * @example
 * const value = await redisOverTcp('redis://localhost', async () => Redis)(signal).get('key')
 */
export function redisOverTcp(url: string, load: () => Promise<IoredisClass>): OpenRedis {
  return redisOver((signal, { retry = true }) => {
    const send = openRun(url, load, signal)
    return async (command) => {
      try {
        return await send(command)
      } catch (error) {
        if (!retry || !(error instanceof ConnectionClosed)) throw error
        return send(command)
      }
    }
  })
}

/** One connection for all commands of the run; another one after it was lost. */
function openRun(url: string, load: () => Promise<IoredisClass>, signal: AbortSignal): SendCommand {
  let connection: Promise<Connection> | undefined
  const close = () => {
    connection?.then(({ destroy }) => destroy()).catch(() => {})
    connection = undefined
  }
  signal.addEventListener('abort', close, { once: true })
  return async (command) => {
    try {
      connection ??= load().then((Class) => connect(new Class(url, options), signal))
      return await (await connection).send(command)
    } catch (error) {
      const fault = redisSessionFault([error])
      // After an error reply the connection is as good as before.
      if (!('reply' in fault)) close()
      throw fault
    }
  }
}

interface Connection {
  readonly send: SendCommand
  readonly destroy: () => void
}

async function connect(client: Redis, signal: AbortSignal): Promise<Connection> {
  let bytes = 0
  let lastError: unknown
  client.on('error', (error) => {
    lastError = error
  })
  const destroy = () => {
    client.disconnect()
    client.stream?.destroy()
  }
  // After this moment the driver may no longer be asked to disconnect: it would connect all the same.
  client.on('connect', () => {
    if (signal.aborted) destroy()
    client.stream.on('data', (chunk: { readonly length: number }) => {
      bytes += chunk.length
      if (bytes > maxAnswerBytes) destroy()
    })
  })
  const failed = (error: unknown): CheckError => {
    if (bytes > maxAnswerBytes) return answerTooLarge()
    return redisSessionFault([lastError, error])
  }
  signal.addEventListener('abort', destroy, { once: true })
  try {
    signal.throwIfAborted()
    await client.connect()
  } catch (error) {
    destroy()
    throw failed(error)
  }
  return {
    destroy,
    async send([name = '', ...args]) {
      bytes = 0
      try {
        const reply: unknown = await client.call(name, ...args)
        // Where the login is refused, the driver goes on as the default user, who may need no password.
        if (lastError !== undefined) throw lastError
        return reply
      } catch (error) {
        throw failed(error)
      }
    },
  }
}
