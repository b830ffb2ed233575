import { CheckError, type FaultCode } from '../core/check.ts'
import { faultOfHttpStatus } from './http-status.ts'
import { parseJson } from './json.ts'

/** A fault of the database or of the way to it. */
export class PostgresError extends CheckError {
  /** SQLSTATE, five characters, where Postgres itself answered. */
  readonly sqlstate: string | undefined
  /** Whether asking once more may help, because a sleeping compute is waking up. */
  readonly mayBeWaking: boolean

  constructor(
    code: FaultCode,
    message: string,
    options: { sqlstate?: string; status?: number; mayBeWaking?: boolean; cause?: unknown } = {},
  ) {
    const { sqlstate, status, mayBeWaking = false, cause } = options
    super(code, message, {
      cause,
      details: { ...(sqlstate ? { sqlstate } : {}), ...(status ? { http_status: status } : {}) },
    })
    this.sqlstate = sqlstate
    this.mayBeWaking = mayBeWaking
  }
}

interface Rule {
  readonly code: FaultCode
  readonly mayBeWaking?: true
}

/**
 * SQLSTATEs by their longest matching prefix
 * (https://www.postgresql.org/docs/current/errcodes-appendix.html); any other is `error`.
 */
export const sqlstateRules: Readonly<Record<string, Rule>> = {
  '08': { code: 'unreachable' },
  '08001': { code: 'unreachable', mayBeWaking: true },
  '08006': { code: 'unreachable', mayBeWaking: true },
  '28': { code: 'unauthorized' },
  '42501': { code: 'unauthorized' },
  '53100': { code: 'quota_exceeded' },
  '53300': { code: 'quota_exceeded' },
  '53400': { code: 'quota_exceeded' },
  '57014': { code: 'timeout' },
  '57P01': { code: 'unreachable' },
  '57P02': { code: 'unreachable' },
  '57P03': { code: 'unreachable', mayBeWaking: true },
}

/**
 * What Neon's proxy says before Postgres is reached: it sends these with an empty code, so the words are all there is.
 * Sources, in neondatabase/neon: proxy/src/auth/mod.rs, control_plane/errors.rs, control_plane/messages.rs,
 * serverless/backend.rs, serverless/sql_over_http.rs. The quota texts come from Neon's control plane.
 */
export const messageRules: readonly (Rule & { readonly matches: RegExp })[] = [
  { matches: /password authentication failed/i, code: 'unauthorized' },
  { matches: /not allowed to connect/i, code: 'unauthorized' },
  { matches: /from a blocked network/i, code: 'unauthorized' },
  { matches: /exceeded the .*quota/i, code: 'quota_exceeded' },
  { matches: /check your quotas/i, code: 'quota_exceeded' },
  { matches: /rate limit/i, code: 'quota_exceeded' },
  { matches: /too many (database )?connection/i, code: 'quota_exceeded' },
  { matches: /failed to acquire permit/i, code: 'quota_exceeded' },
  { matches: /authentication timed out/i, code: 'timeout' },
  { matches: /endpoint is disabled/i, code: 'unreachable' },
  { matches: /endpoint cannot be found/i, code: 'unreachable' },
  { matches: /endpoint could not be found/i, code: 'unreachable' },
  { matches: /could not connect to/i, code: 'unreachable', mayBeWaking: true },
  { matches: /couldn't connect to compute/i, code: 'unreachable', mayBeWaking: true },
  { matches: /control plane request failed/i, code: 'unreachable', mayBeWaking: true },
]

/** The longest part of a service's message that is kept, in characters; far beyond where the scrub cuts what it has cleaned. */
const maxMessageLength = 8000

/** The fault in an answer of the SQL-over-HTTP service that is not 2xx. */
export function postgresFault(status: number, body: string): PostgresError {
  const answer = parseJson(body)
  if (typeof answer !== 'object' || answer === null) {
    return new PostgresError(faultOfHttpStatus(status), `HTTP ${status} without a JSON body`, { status })
  }
  const { message, code } = answer as { message?: unknown; code?: unknown }
  const said =
    typeof message === 'string' ? message.slice(0, maxMessageLength) : `HTTP ${status} without a message`
  if (typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code)) {
    const { code: fault, mayBeWaking } = sqlstateRule(code)
    return new PostgresError(fault, said, { sqlstate: code, mayBeWaking: mayBeWaking ?? false })
  }
  const rule = messageRules.find(({ matches }) => matches.test(said))
  // The service answers 400 in JSON to a request of ours that it refuses for a reason of its own.
  const otherwise = status === 400 ? 'error' : faultOfHttpStatus(status)
  return new PostgresError(rule?.code ?? otherwise, said, {
    status,
    mayBeWaking: rule?.mayBeWaking ?? false,
  })
}

function sqlstateRule(sqlstate: string): Rule {
  return sqlstateRules[sqlstate] ?? sqlstateRules[sqlstate.slice(0, 2)] ?? { code: 'error' }
}
