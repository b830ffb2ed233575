import { randomUUID } from 'node:crypto'
import {
  type Answer,
  BodyTooLarge,
  type Exchange,
  type HttpService,
  readBody,
  serveHttp,
} from './http-service.ts'
import { sqlAnswerBody, sqlErrorBody } from './sql-answer.ts'
import {
  AnswerTooLarge,
  ConnectError,
  maxSqlBytes,
  type PostgresFault,
  type SqlBackend,
  SqlError,
  type SqlSession,
} from './sql-backend.ts'
import {
  BadSqlRequest,
  type RequestedStatement,
  readSqlBody,
  readSqlHeaders,
  type SqlRequest,
  type TransactionOptions,
} from './sql-request.ts'

interface SqlOverHttpOptions {
  readonly backend: SqlBackend
  /** A free one when absent. */
  readonly port?: number
  /** Called for each request that is refused, without its statement. */
  readonly log?: (line: string) => void
}

/**
 * Speaks the protocol of Neon's SQL over HTTP in front of another Postgres: `POST /sql` with `{query, params}`,
 * or with `{queries}` for one transaction. Statuses and texts are those of proxy/src/serverless in neondatabase/neon.
 * @returns the service; `url` is the whole URL for `neonConfig.fetchEndpoint`
 */
export async function startSqlOverHttp({ backend, port, log }: SqlOverHttpOptions): Promise<HttpService> {
  const service = await serveHttp(async (exchange) => {
    const answer = await answerSql(backend, exchange)
    if (answer.status !== 200) log?.(`SQL over HTTP answered ${answer.status}`)
    // The id under which Neon's support finds a request; every answer has one (proxy/src/serverless/mod.rs).
    const own = { 'access-control-allow-origin': '*', 'neon-request-id': randomUUID() }
    return { ...answer, headers: { ...own, ...answer.headers } }
  }, port)
  return {
    ...service,
    url: `${service.url}/sql`,
    async close() {
      await service.close()
      await backend.close?.()
    },
  }
}

async function answerSql(backend: SqlBackend, { request, path, signal }: Exchange): Promise<Answer> {
  if (path === '/sql' && request.method === 'OPTIONS') return preflight
  if (path !== '/sql' || request.method !== 'POST') return { status: 400, body: 'query is not supported' }
  try {
    const headers = readSqlHeaders(request.headers)
    const payload = readSqlBody(await readBody(request, maxSqlBytes))
    const body = await backend.session(headers.login, signal, (session) =>
      'text' in payload ? executeOne(session, payload, headers) : executeBatch(session, payload, headers),
    )
    return { status: 200, body, headers: 'text' in payload ? {} : echo(request.headers) }
  } catch (error) {
    return errorAnswer(error)
  }
}

const preflight: Answer = {
  status: 200,
  body: '',
  headers: {
    allow: 'OPTIONS, POST',
    'access-control-allow-headers':
      'Authorization, Neon-Connection-String, Neon-Raw-Text-Output, Neon-Array-Mode, Neon-Pool-Opt-In, Neon-Batch-Read-Only, Neon-Batch-Isolation-Level',
    'access-control-max-age': '86400',
  },
}

/** The service repeats the batch headers that it obeyed. */
function echo(headers: Exchange['request']['headers']): Record<string, string> {
  const names = ['neon-batch-read-only', 'neon-batch-deferrable', 'neon-batch-isolation-level']
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = headers[name]
      return value === 'true' || (value && name.endsWith('level')) ? [[name, String(value)]] : []
    }),
  )
}

async function executeOne(session: SqlSession, statement: RequestedStatement, request: SqlRequest) {
  const answer = await session.execute(statement)
  const arrayMode = statement.arrayMode ?? request.arrayMode
  return bounded(sqlAnswerBody(answer, { rawText: request.rawText, arrayMode }))
}

async function executeBatch(
  session: SqlSession,
  statements: readonly RequestedStatement[],
  request: SqlRequest,
) {
  await session.execute({ text: startTransaction(request.transaction), values: [] })
  try {
    const results: unknown[] = []
    for (const statement of statements) results.push(await executeOne(session, statement, request))
    await session.execute({ text: 'COMMIT', values: [] })
    return bounded({ results })
  } catch (error) {
    // On a connection that is lost, Postgres has rolled back already.
    await session.execute({ text: 'ROLLBACK', values: [] }).catch(() => {})
    throw error
  }
}

function startTransaction({ isolationLevel, readOnly, deferrable }: TransactionOptions): string {
  const modes = [
    isolationLevel ? `ISOLATION LEVEL ${isolationLevel}` : '',
    readOnly ? 'READ ONLY' : '',
    deferrable ? 'DEFERRABLE' : '',
  ]
  return `START TRANSACTION ${modes.filter(Boolean).join(', ')}`
}

function bounded<T>(body: T): T {
  if (Buffer.byteLength(JSON.stringify(body)) > maxSqlBytes) throw new AnswerTooLarge()
  return body
}

/** Which HTTP status each kind of error has (`get_http_status_code` in sql_over_http.rs of neondatabase/neon). */
function errorAnswer(error: unknown): Answer {
  const answer = (status: number, fault: PostgresFault) => ({ status, body: sqlErrorBody(fault) })
  if (error instanceof SqlError) return answer(400, error.fault)
  if (error instanceof ConnectError) return answer(error.blame === 'caller' ? 400 : 500, error.fault)
  if (error instanceof BadSqlRequest) return answer(400, { message: error.message })
  if (error instanceof BodyTooLarge) return answer(413, { message: error.message })
  if (error instanceof AnswerTooLarge) {
    return answer(507, { message: `response is too large (max is ${maxSqlBytes} bytes)` })
  }
  return answer(500, { message: 'could not parse postgres response' })
}
