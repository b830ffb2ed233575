import type { IncomingHttpHeaders } from 'node:http'
import { messageOf } from '../compile/compile-error.ts'
import { isRecord } from '../core/is-record.ts'
import type { Login, SqlStatement } from './sql-backend.ts'

/** A statement of a request, and whether its rows are lists (`true`), objects (`false`) or as the header says. */
export interface RequestedStatement extends SqlStatement {
  readonly arrayMode: boolean | undefined
}

export interface SqlRequest {
  readonly login: Login
  readonly rawText: boolean
  readonly arrayMode: boolean
  readonly transaction: TransactionOptions
}

export interface TransactionOptions {
  readonly isolationLevel: string | undefined
  readonly readOnly: boolean
  readonly deferrable: boolean
}

/** The request is refused before Postgres is asked; the message is the service's own. */
export class BadSqlRequest extends Error {
  override readonly name = 'BadSqlRequest'
}

const isolationLevels: Readonly<Record<string, string>> = {
  Serializable: 'SERIALIZABLE',
  ReadUncommitted: 'READ UNCOMMITTED',
  ReadCommitted: 'READ COMMITTED',
  RepeatableRead: 'REPEATABLE READ',
}

/**
 * Reads the headers as the service does (proxy/src/serverless/sql_over_http.rs of neondatabase/neon, `HttpHeaders`
 * and `get_conn_info`): what is not exactly `true` is false.
 * @throws {BadSqlRequest}
 */
export function readSqlHeaders(headers: IncomingHttpHeaders): SqlRequest {
  const isTrue = (name: string) => headers[name] === 'true'
  const login = readConnectionString(headers['neon-connection-string'])
  return {
    login,
    rawText: isTrue('neon-raw-text-output'),
    arrayMode: isTrue('neon-array-mode'),
    transaction: {
      isolationLevel: readIsolationLevel(headers['neon-batch-isolation-level']),
      readOnly: isTrue('neon-batch-read-only'),
      deferrable: isTrue('neon-batch-deferrable'),
    },
  }
}

function readIsolationLevel(header: string | string[] | undefined): string | undefined {
  if (header === undefined) return undefined
  const level = Object.hasOwn(isolationLevels, String(header)) ? isolationLevels[String(header)] : undefined
  if (!level) throw new BadSqlRequest('invalid isolation level')
  return level
}

/** Query parameters are read and thrown away (`get_conn_info` in proxy/src/serverless/http_util.rs). */
function readConnectionString(header: string | string[] | undefined): Login {
  if (typeof header !== 'string') throw new BadSqlRequest('invalid header: neon-connection-string')
  const url = URL.parse(header)
  if (!url) throw new BadSqlRequest('invalid connection string: relative URL without a base')
  if (url.protocol !== 'postgres:' && url.protocol !== 'postgresql:') {
    throw new BadSqlRequest('incorrect scheme')
  }
  const database = decode(url.pathname.slice(1))
  if (!database) throw new BadSqlRequest('missing database name')
  if (database.includes('/')) throw new BadSqlRequest('invalid database name')
  const user = decode(url.username)
  if (!user) throw new BadSqlRequest('missing username')
  if (!url.password) throw new BadSqlRequest('missing authentication credentials: required password')
  if (!url.hostname) throw new BadSqlRequest('missing hostname')
  return { user, password: decode(url.password), database }
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    throw new BadSqlRequest('invalid connection string: invalid percent-encoding')
  }
}

/**
 * Reads the body: `{query, params}`, or `{queries: [{query, params}]}` for one transaction.
 * @throws {BadSqlRequest}
 */
export function readSqlBody(body: Buffer): RequestedStatement | readonly RequestedStatement[] {
  let json: unknown
  try {
    json = JSON.parse(body.toString('utf8'))
  } catch (error) {
    throw new BadSqlRequest(`could not parse the HTTP request body: ${messageOf(error)}`)
  }
  const payload = readStatement(json) ?? readBatch(json)
  if (!payload) {
    throw new BadSqlRequest(
      'could not parse the HTTP request body: data did not match any variant of untagged enum Payload',
    )
  }
  return payload
}

function readBatch(json: unknown): RequestedStatement[] | undefined {
  if (typeof json !== 'object' || json === null || !('queries' in json) || !Array.isArray(json.queries)) {
    return undefined
  }
  const statements = json.queries.map(readStatement)
  return statements.every((statement) => statement !== undefined) ? statements : undefined
}

function readStatement(json: unknown): RequestedStatement | undefined {
  if (!isRecord(json)) return undefined
  const { query, params = [], arrayMode } = json
  if (typeof query !== 'string' || !Array.isArray(params)) return undefined
  if (arrayMode !== undefined && arrayMode !== null && typeof arrayMode !== 'boolean') return undefined
  return { text: query, values: params.map(parameterText), arrayMode: arrayMode ?? undefined }
}

/** A JSON parameter as text for Postgres (`json_value_to_pg_text` in proxy/src/serverless/json.rs of neondatabase/neon). */
function parameterText(value: unknown): string | null {
  if (value === null) return null
  if (Array.isArray(value)) return arrayText(value)
  return typeof value === 'string' ? value : JSON.stringify(value)
}

function arrayText(list: readonly unknown[]): string {
  const items = list.map((item) => {
    if (item === null) return 'NULL'
    if (Array.isArray(item)) return arrayText(item)
    return JSON.stringify(typeof item === 'object' ? JSON.stringify(item) : item)
  })
  return `{${items.join(',')}}`
}
