/** The text without the secrets: a deployment might repeat what it was sent. */
export function scrub(text: string, secrets: readonly string[]): string {
  return secrets.reduce((scrubbed, secret) => scrubbed.replaceAll(secret, '[secret]'), text)
}
