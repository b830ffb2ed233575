const encoder = new TextEncoder()

/** HMAC-SHA-256 of the text (RFC 2104), 32 bytes. */
export async function hmacSha256(secret: string, text: string): Promise<ArrayBuffer> {
  const algorithm = { name: 'HMAC', hash: 'SHA-256' }
  const key = await crypto.subtle.importKey('raw', encoder.encode(secret), algorithm, false, ['sign'])
  return crypto.subtle.sign('HMAC', key, encoder.encode(text))
}
