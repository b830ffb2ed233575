import { CheckError } from '../core/check.ts'
import { errorCode } from '../core/error-code.ts'
import { causes } from './causes.ts'
import { PostgresError, sqlstateFault } from './postgres-fault.ts'
import type { PostgresRule } from './postgres-rules.ts'
import { systemCode } from './system-code.ts'

/**
 * Classes of SQLSTATEs (PostgreSQL manual, appendix A). Codes of the system, such as EPIPE, have five characters too, and
 * none of them begins like this.
 */
const sqlstatePattern = /^(?:\d[0-9A-Z]|F0|HV|P0|XX)[0-9A-Z]{3}$/

const certificateHint =
  "The certificate of the server could not be verified. sslrootcert=<file> names the provider's certificate; " +
  'sslmode=no-verify encrypts without verifying.'

/** What drivers say in words alone. The messages are those of pg, pg-pool and workerd. */
const messageRules: readonly (PostgresRule & { readonly matches: RegExp; readonly says: string })[] = [
  {
    matches: /^Connection terminated|is not queryable$/i,
    code: 'unreachable',
    transient: true,
    says: 'the connection was closed before an answer came',
  },
  {
    matches: /does not support SSL|establishing an SSL connection/i,
    code: 'unreachable',
    says: 'the server does not speak TLS',
    hint: 'sslmode=disable in the connection string connects without TLS.',
  },
  {
    // workerd, whose errors have no code.
    matches:
      /cannot connect to the specified address|Network connection lost|^Stream was cancelled|Connection refused/i,
    code: 'unreachable',
    transient: true,
    says: 'the connection failed',
  },
  {
    matches: /^SASL: .*password must be/i,
    code: 'unauthorized',
    says: 'the server asks for a password and the connection string has none',
  },
  {
    matches: /timeout exceeded when trying to connect/i,
    code: 'timeout',
    says: 'no connection of the pool was free in time',
  },
]

/**
 * What a driver of a session threw, as a fault. The texts of the system hold hosts and addresses, so only its codes are kept.
 *
 * @param signal when it has aborted, the fault is that there was no time left
 * @example
 * sessionFault(Object.assign(new Error('connect'), { code: 'ECONNREFUSED' }), signal).code // 'unreachable'
 */
export function sessionFault(error: unknown, signal: AbortSignal): CheckError {
  if (error instanceof CheckError) return error
  if (signal.aborted) return new CheckError('timeout', 'no answer within the time limit')
  for (const each of causes(error)) {
    const code = errorCode(each) ?? ''
    if (sqlstatePattern.test(code)) return sqlstateFault(code, each.message)
  }
  for (const { message } of causes(error)) {
    const rule = messageRules.find(({ matches }) => matches.test(message))
    if (rule) return new PostgresError(rule.code, rule.says, rule)
  }
  const code = systemCode(error)
  if (code === undefined)
    return new PostgresError('error', 'the driver threw an error that is not known here')
  if (code === 'CONNECT_TIMEOUT' || code === 'ETIMEDOUT')
    return new PostgresError('timeout', `the connection failed (${code})`)
  const isOfCertificate = /CERT|SIGNATURE|TLS/.test(code)
  return new PostgresError('unreachable', `the connection failed (${code})`, {
    transient: true,
    ...(isOfCertificate && { hint: certificateHint }),
  })
}
