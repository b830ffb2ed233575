import type { RedisCommand } from './redis-backend.ts'

/** The request is refused before Redis is asked; the message is an error reply. */
export class BadRedisRequest extends Error {
  override readonly name = 'BadRedisRequest'
}

/** The body of `POST /` is one command as a JSON list. @throws {BadRedisRequest} */
export function readCommand(body: Buffer): RedisCommand {
  return commandOf(parse(body, 'ERR failed to parse command'), 'ERR failed to parse command')
}

/** `POST /pipeline` and `/multi-exec` carry a list of commands. @throws {BadRedisRequest} */
export function readCommands(body: Buffer, what: 'pipeline' | 'multi-exec'): readonly RedisCommand[] {
  const complaint = `ERR failed to parse ${what} request`
  const list = parse(body, complaint)
  if (!Array.isArray(list)) throw new BadRedisRequest(complaint)
  if (list.length === 0) throw new BadRedisRequest('ERR empty pipeline request')
  return list.map((item) => commandOf(item, complaint))
}

/** `/set/key/value?EX=60`: the path is the command, a body is its next argument, the query string the last ones. */
export function readPath(path: string, query: URLSearchParams, body: Buffer): RedisCommand {
  const parts = path.split('/').slice(1).map(decodePart)
  if (body.length > 0) parts.push(body.toString('utf8'))
  for (const [name, value] of query) {
    if (name !== '_token') parts.push(...(value ? [name, value] : [name]))
  }
  return commandOf(parts, 'ERR failed to parse command')
}

function decodePart(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    throw new BadRedisRequest('ERR failed to parse command')
  }
}

function parse(body: Buffer, complaint: string): unknown {
  try {
    return JSON.parse(body.toString('utf8'))
  } catch {
    throw new BadRedisRequest(complaint)
  }
}

function commandOf(list: unknown, complaint: string): RedisCommand {
  if (!Array.isArray(list)) throw new BadRedisRequest(complaint)
  const [name, ...args] = list.map((part) => argument(part, complaint))
  if (!name) throw new BadRedisRequest('ERR empty command')
  return [name, ...args]
}

function argument(part: unknown, complaint: string): string {
  if (typeof part === 'string') return part
  if (typeof part === 'number' || typeof part === 'boolean') return String(part)
  if (part === null) return ''
  throw new BadRedisRequest(complaint)
}
