/**
 * Cloudflare's edge answers a Worker's `fetch` that could not reach its target with a response instead of an error.
 * Sources: https://developers.cloudflare.com/support/troubleshooting/http-status-codes/cloudflare-5xx-errors/ and
 * cloudflare-1xxx-errors/ beside it (error 1016 is what a Worker gets for a name that does not resolve).
 * @module
 */

/** 520 to 527: the target's connection, TLS or answer; 530: an error of the 1000s, such as DNS. */
export const isEdgeStatus = (status: number): boolean => (status >= 520 && status <= 527) || status === 530

/** DNS, a forbidden address or a tunnel: the request did not arrive. Other errors of the 1000s are refusals. */
const notReached = /\berror(?: code:)?\s(1000|1001|1002|1003|1004|1016|1033|1034)\b/i

/** An error page is longer, and says its number near its beginning. */
const searchedLength = 2000

/**
 * Why the edge could not reach the target, in words without its name; undefined when the target itself answered.
 *
 * @param text the body, which is not JSON
 * @example
 * edgeFault(530, 'error code: 1016') // 'Cloudflare could not reach it: HTTP 530, error 1016'
 */
export function edgeFault(status: number, text: string): string | undefined {
  const number = status >= 400 ? notReached.exec(text.slice(0, searchedLength))?.[1] : undefined
  if (number === undefined && !isEdgeStatus(status)) return undefined
  return `Cloudflare could not reach it: HTTP ${status}${number === undefined ? '' : `, error ${number}`}`
}
