import { timingSafeEqual } from 'node:crypto'
import {
  type Answer,
  BodyTooLarge,
  type Exchange,
  type HttpService,
  readBody,
  serveHttp,
} from './http-service.ts'
import {
  type RedisBackend,
  type RedisCommand,
  RedisError,
  type RedisReply,
  type RedisSession,
} from './redis-backend.ts'
import { refusal } from './redis-commands.ts'
import { replyBody } from './redis-reply.ts'
import { BadRedisRequest, readCommand, readCommands, readPath } from './redis-request.ts'

interface RedisRestOptions {
  readonly backend: RedisBackend
  /** The token that may do everything. */
  readonly token: string
  /** A token that may only read. */
  readonly readOnlyToken?: string
  /** A free one when absent. */
  readonly port?: number
}

/** Largest request, in bytes: that of the Free and Pay-as-you-go plans (https://upstash.com/pricing/redis). */
const maxRequestBytes = 10 * 1024 * 1024

/** How one request is to be answered. */
interface Caller {
  readonly readOnly: boolean
  readonly base64: boolean
  readonly signal: AbortSignal
}

/**
 * Speaks Upstash's REST protocol in front of another Redis: `POST /`, `/pipeline`, `/multi-exec` and the command
 * as a path, with base64 answers and a read-only token (https://upstash.com/docs/redis/features/restapi).
 */
export function startRedisRest(options: RedisRestOptions): Promise<HttpService> {
  return serveHttp((exchange) => answerRedis(options, exchange), options.port)
}

async function answerRedis(options: RedisRestOptions, exchange: Exchange): Promise<Answer> {
  const { request, signal } = exchange
  if (!['HEAD', 'GET', 'POST', 'PUT'].includes(request.method ?? '')) {
    return { status: 405, body: { error: 'ERR method not allowed' } }
  }
  const token = tokenOf(exchange)
  const readOnly = options.readOnlyToken !== undefined && same(token, options.readOnlyToken)
  if (!readOnly && !same(token, options.token)) {
    return { status: 401, body: { error: 'WRONGPASS invalid or missing auth token' } }
  }
  const base64 = request.headers['upstash-encoding'] === 'base64'
  try {
    const body = await readBody(request, maxRequestBytes)
    return { status: 200, body: await execute(options.backend, exchange, body, { readOnly, base64, signal }) }
  } catch (error) {
    return errorAnswer(error)
  }
}

function tokenOf({ request, query }: Exchange): string {
  const header = /^Bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1]
  return header ?? query.get('_token') ?? ''
}

function same(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)]
  return a.length === b.length && timingSafeEqual(a, b)
}

function execute(backend: RedisBackend, exchange: Exchange, body: Buffer, caller: Caller): Promise<unknown> {
  if (exchange.path === '/pipeline') return pipeline(backend, readCommands(body, 'pipeline'), caller)
  if (exchange.path === '/multi-exec') return multiExec(backend, readCommands(body, 'multi-exec'), caller)
  const command = exchange.path === '/' ? readCommand(body) : readPath(exchange.path, exchange.query, body)
  return backend.session(caller.signal, async (session) => ({
    result: replyBody(await executeOne(session, command, caller), caller.base64),
  }))
}

async function executeOne(session: RedisSession, command: RedisCommand, caller: Caller): Promise<RedisReply> {
  const reason = refusal(command, caller.readOnly)
  if (reason) throw new RedisError(reason)
  return session.execute(command)
}

/** In order, not atomic; a command that is refused fills its slot and the next one is run. */
function pipeline(
  backend: RedisBackend,
  commands: readonly RedisCommand[],
  caller: Caller,
): Promise<unknown[]> {
  return backend.session(caller.signal, async (session) => {
    const slots: unknown[] = []
    for (const command of commands) {
      const reply = await executeOne(session, command, caller).catch(asReply)
      slots.push(slot(reply, caller.base64))
    }
    return slots
  })
}

async function multiExec(backend: RedisBackend, commands: readonly RedisCommand[], caller: Caller) {
  for (const command of commands) {
    const reason = refusal(command, caller.readOnly)
    if (reason) throw new RedisError(reason)
  }
  const replies = await backend.transaction(commands, caller.signal)
  return replies.map((reply) => slot(reply, caller.base64))
}

const slot = (reply: RedisReply | RedisError, base64: boolean) =>
  reply instanceof RedisError ? { error: reply.message } : { result: replyBody(reply, base64) }

function asReply(error: unknown): RedisError {
  if (error instanceof RedisError) return error
  throw error
}

function errorAnswer(error: unknown): Answer {
  if (error instanceof RedisError || error instanceof BadRedisRequest) {
    return { status: 400, body: { error: error.message } }
  }
  if (error instanceof BodyTooLarge) return { status: 413, body: { error: 'ERR max request size exceeded' } }
  return { status: 500, body: { error: 'ERR the database cannot be reached' } }
}
