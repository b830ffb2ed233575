import { errorCode } from '../core/error-code.ts'
import { causes } from './causes.ts'

/**
 * The code of the deepest cause that has one: what the system, DNS or TLS says of a connection (`ECONNREFUSED`,
 * `ENOTFOUND`, `CERT_HAS_EXPIRED`; https://nodejs.org/api/errors.html#nodejs-error-codes). A word of capitals, so it
 * may be shown where the texts of the errors, which hold hosts and addresses, may not. Node's fetch has them; workerd's
 * errors have none, so there it is undefined.
 */
export function systemCode(error: unknown): string | undefined {
  const codes = causes(error).map(errorCode)
  return codes.findLast((code) => code !== undefined && /^[A-Z][A-Z0-9_]{0,59}$/.test(code))
}
