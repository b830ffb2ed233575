import { CheckError, type FaultCode } from '../core/check.ts'
import { isRecord } from '../core/is-record.ts'
import { edgeFault, isEdgeStatus } from './cloudflare-edge.ts'
import { faultOfHttpStatus } from './http-status.ts'
import { parseJson } from './json.ts'
import { messageRules, type PostgresRule, sqlstateMessageRules, sqlstateRules } from './postgres-rules.ts'

interface PostgresErrorOptions {
  readonly sqlstate?: string | undefined
  readonly status?: number | undefined
  /** Neon's id of the request, by which its support finds it. */
  readonly requestId?: string | undefined
  readonly hint?: string | undefined
  readonly transient?: boolean | undefined
  readonly cause?: unknown
}

/** A fault of the database or of the way to it. */
export class PostgresError extends CheckError {
  /** SQLSTATE, five characters, where Postgres itself answered. */
  readonly sqlstate: string | undefined
  /** Whether sending the query once more may help: a compute is waking up, or a pooled connection was stale. */
  readonly transient: boolean

  constructor(code: FaultCode, message: string, options: PostgresErrorOptions = {}) {
    const { sqlstate, status, requestId, hint, transient = false, cause } = options
    super(code, message, {
      cause,
      details: {
        ...(sqlstate ? { sqlstate } : {}),
        ...(status ? { http_status: status } : {}),
        ...(requestId ? { neon_request_id: requestId } : {}),
        ...(hint ? { hint } : {}),
      },
    })
    this.sqlstate = sqlstate
    this.transient = transient
  }
}

/** The longest part of a service's message that is kept, in characters; the scrub cuts it shorter. */
const maxMessageLength = 8000

/**
 * The fault in an answer of the SQL-over-HTTP service that is not 2xx.
 *
 * @param requestId the answer's `neon-request-id`, where it has one
 * @example
 * postgresFault(400, '{"message":"connection closed","code":""}').transient // true
 */
export function postgresFault(status: number, body: string, requestId?: string): PostgresError {
  const answer = parseJson(body)
  if (!isRecord(answer)) return faultWithoutJson(status, body, requestId)
  const { message, code } = answer
  const text = typeof message === 'string' ? textOf(message) : `HTTP ${status} without a message`
  if (typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code)) return sqlstateFault(code, text, requestId)
  // 400 in JSON is how the service refuses a request of ours for a reason that no rule knows.
  const unknown = status === 400 ? 'error' : faultOfHttpStatus(status)
  const { code: fault, ...rule }: PostgresRule = messageRules.find(({ matches }) => matches.test(text)) ?? {
    code: unknown,
  }
  return new PostgresError(fault, text, { ...rule, status, requestId })
}

/** Without the user, who is part of the connection string: the name would be written out as removed. */
const textOf = (message: string): string =>
  message
    .slice(0, maxMessageLength)
    .replace(/^(password authentication failed) for user (['"])[^'"]*\2/i, '$1')

/**
 * What Postgres itself answered, whatever the way to it.
 *
 * @example
 * sqlstateFault('53300', 'sorry, too many clients already').code // 'quota_exceeded'
 */
export function sqlstateFault(sqlstate: string, message: string, requestId?: string): PostgresError {
  const text = textOf(message)
  const { code, ...rule } = ruleOfSqlstate(sqlstate, text)
  return new PostgresError(code, text, { ...rule, sqlstate, requestId })
}

function faultWithoutJson(status: number, body: string, requestId: string | undefined): PostgresError {
  const edge = edgeFault(status, body)
  return new PostgresError(
    edge ? 'unreachable' : faultOfHttpStatus(status),
    edge ?? `HTTP ${status} without a JSON body`,
    { status, requestId, transient: isEdgeStatus(status) },
  )
}

function ruleOfSqlstate(sqlstate: string, text: string): PostgresRule {
  const byText = sqlstateMessageRules[sqlstate]
  if (byText?.matches.test(text)) return byText
  return sqlstateRules[sqlstate] ?? sqlstateRules[sqlstate.slice(0, 2)] ?? { code: 'error' }
}
