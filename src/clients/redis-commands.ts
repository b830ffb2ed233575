import { CheckError } from '../core/check.ts'
import type { OpenRedis, Redis, RedisOptions, SetOptions } from './interfaces.ts'
import { untilAborted } from './until-aborted.ts'

/** Sends one command, its name first. Replies are what Redis sent: strings, numbers, null and lists of them. */
export type SendCommand = (command: readonly string[]) => Promise<unknown>

/**
 * The commands that the product sends, over a driver that sends any command.
 *
 * @example
 * await redisCommands((command) => client.sendCommand([...command])).get('key')
 */
export function redisCommands(send: SendCommand): Redis {
  return {
    get: (key) => send(['GET', key]),
    getrange: async (key, start, end) => String(await send(['GETRANGE', key, String(start), String(end)])),
    set: (key, value, options) => send(['SET', key, value, ...wordsOf(options)]),
    del: (...keys) => send(['DEL', ...keys]),
    eval: (script, keys, args) => send(['EVAL', script, String(keys.length), ...keys, ...args]),
  }
}

function wordsOf(options: SetOptions | undefined): string[] {
  if (options === undefined) return []
  const expiry = 'ex' in options ? ['EX', String(options.ex)] : ['PX', String(options.px)]
  return [...expiry, ...('nx' in options ? ['NX'] : []), ...('get' in options && options.get ? ['GET'] : [])]
}

/** Makes what sends the commands of one run. */
type OpenSend = (signal: AbortSignal, options: RedisOptions) => SendCommand

/** Opens clients over a driver, each of whose commands ends with the signal: a server that is frozen holds nothing. */
export function redisOver(open: OpenSend): OpenRedis {
  return (signal, options = {}) => {
    const send = open(signal, options)
    return redisCommands((command) => untilAborted(signal, () => send(command), noTime))
  }
}

const noTime = () => new CheckError('timeout', 'no answer within the time limit')
