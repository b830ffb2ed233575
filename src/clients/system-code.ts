import { errorCode } from '../core/error-code.ts'

/** Deep enough for every driver; a chain that goes in circles ends here. */
const maxDepth = 8

/**
 * The code of the deepest cause that has one: what the system, DNS or TLS says of a connection (`ECONNREFUSED`,
 * `ENOTFOUND`, `CERT_HAS_EXPIRED`; https://nodejs.org/api/errors.html#nodejs-error-codes). A word of capitals, so it
 * may be shown where the texts of the errors, which hold hosts and addresses, may not. Node's fetch has them; workerd's
 * errors carry none, so there it is undefined.
 */
export function systemCode(error: unknown): string | undefined {
  let found: string | undefined
  let cause = error
  for (let depth = 0; depth < maxDepth && cause instanceof Error; depth += 1) {
    const code = errorCode(cause)
    if (code !== undefined && /^[A-Z][A-Z0-9_]{0,59}$/.test(code)) found = code
    cause = cause.cause
  }
  return found
}
