import { maxAnswerBytes } from '../../clients/answer-size.ts'
import { boundedFetch } from '../../clients/bounded-fetch.ts'
import { systemCode } from '../../clients/system-code.ts'
import { CheckError } from '../../core/check.ts'
import type { Observation } from './verdict.ts'

/** Asks the deployment once. Never throws, never follows a redirect (it would carry the token elsewhere). */
export async function attempt(url: URL, headers: Headers, timeoutMs: number): Promise<Observation> {
  try {
    const signal = AbortSignal.timeout(Math.max(1, Math.round(timeoutMs)))
    const { status, text } = await boundedFetch(url.href, { headers, signal })
    return { kind: 'answer', status, text }
  } catch (error) {
    return { kind: 'no_answer', reason: explain(error, timeoutMs) }
  }
}

function explain(error: unknown, timeoutMs: number): string {
  const code = error instanceof CheckError ? error.code : undefined
  if (code === 'timeout') return `no answer within ${(timeoutMs / 1000).toFixed(1)} s`
  if (code === 'wrong_answer') return `an answer that is not read: larger than ${maxAnswerBytes} bytes`
  return systemReason(error)
}

const known: Record<string, string> = {
  ECONNREFUSED: 'the connection is refused',
  ECONNRESET: 'the connection was cut off',
  UND_ERR_SOCKET: 'the connection was cut off',
  ENOTFOUND: 'the host name does not resolve',
  EAI_AGAIN: 'the host name does not resolve at the moment',
  ETIMEDOUT: 'the connection timed out',
  UND_ERR_CONNECT_TIMEOUT: 'the connection timed out',
  CERT_HAS_EXPIRED: 'the certificate has expired',
}

/** The words for the system's code; a driver's text may hold addresses, so it is not shown. */
function systemReason(error: unknown): string {
  const code = systemCode(error)
  if (code === undefined) return 'the connection failed'
  return known[code] ?? `the connection failed (${code})`
}
