import { hmacSha256 } from '../core/hmac.ts'

/** Bytes in base64 of URLs, without padding (RFC 4648, section 5). */
const base64url = (bytes: ArrayBuffer): string =>
  btoa(String.fromCharCode(...new Uint8Array(bytes)))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replace(/=+$/, '')

/** HMAC-SHA-256 of the text (RFC 2104), in base64url: 43 characters. */
export const sign = async (secret: string, text: string): Promise<string> =>
  base64url(await hmacSha256(secret, text))

/** SHA-256 of the text, in base64url: 43 characters. */
export const digest = async (text: string): Promise<string> =>
  base64url(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)))
