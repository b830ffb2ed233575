import type { FaultCode } from '../core/check.ts'

/** What an HTTP status other than 2xx means when the body does not say more. */
export function faultOfHttpStatus(status: number): FaultCode {
  if (status === 401 || status === 403) return 'unauthorized'
  if (status === 402 || status === 429) return 'quota_exceeded'
  // 507 is what Neon answers when the rows are too many (`SqlOverHttpError::ResponseTooLarge`).
  if (status === 507) return 'wrong_answer'
  return status >= 500 ? 'unreachable' : 'wrong_answer'
}
