/** The text without the secrets that the caller gave: a deployment might repeat what it was sent. */
export function redact(text: string, secrets: readonly string[]): string {
  return secrets.reduce((clean, secret) => clean.replaceAll(secret, '[redacted]'), text)
}
