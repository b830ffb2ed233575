import { timingSafeEqual } from 'hono/utils/buffer'

/** What a caller has shown: nothing, the token, or another one. */
type Credential = 'absent' | 'right' | 'wrong'

/**
 * @param token with none configured, credentials are ignored
 * @param mayBeBasic whether the password of HTTP Basic is one too, whatever the user's name is (RFC 7617): browsers have no other
 */
export function credentialOf(
  request: Request,
  token: string | undefined,
  mayBeBasic = false,
): Credential | Promise<Credential> {
  if (token === undefined) return 'absent'
  const header = request.headers.get('authorization') ?? ''
  const shown = bearer(header) ?? (mayBeBasic ? basicPassword(header) : undefined)
  if (shown === undefined) return 'absent'
  return timingSafeEqual(token, shown).then((isEqual) => (isEqual ? 'right' : 'wrong'))
}

/** The token of a Bearer header; other schemes and an empty one are not a credential (RFC 6750, section 2.1). */
function bearer(header: string): string | undefined {
  // A header ends without spaces (https://fetch.spec.whatwg.org/#concept-header-value-normalize).
  return /^bearer +(\S.*)/i.exec(header)?.[1]
}

/** What cannot be read is a password too, and a wrong one. */
function basicPassword(header: string): string | undefined {
  const encoded = /^basic +(\S+)/i.exec(header)?.[1]
  if (encoded === undefined) return undefined
  try {
    return atob(encoded).replace(/^[^:]*:/, '')
  } catch {
    return ''
  }
}
