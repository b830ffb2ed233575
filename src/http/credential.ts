import { timingSafeEqual } from 'hono/utils/buffer'

/** What a caller has shown: nothing, the token, or another one. */
export type Credential = 'absent' | 'right' | 'wrong'

/** @param token with none configured, credentials are ignored */
export function credentialOf(request: Request, token: string | undefined): Credential | Promise<Credential> {
  const shown = token === undefined ? undefined : bearer(request.headers.get('authorization'))
  if (token === undefined || shown === undefined) return 'absent'
  return timingSafeEqual(token, shown).then((isEqual) => (isEqual ? 'right' : 'wrong'))
}

/** The token of a Bearer header; other schemes and an empty one are not a credential (RFC 6750, section 2.1). */
function bearer(header: string | null): string | undefined {
  // Trimmed afterwards: an expression that also finds the end is quadratic in the spaces, and anybody may send them.
  return /^bearer +(\S.*)$/i.exec(header ?? '')?.[1]?.trimEnd()
}
