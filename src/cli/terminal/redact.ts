/** The text without the secrets that the caller gave: a deployment might repeat what it was sent. */
export function redact(text: string, secrets: readonly string[]): string {
  // As it stands, and as JSON writes it.
  const forms = secrets.flatMap((secret) => [secret, JSON.stringify(secret).slice(1, -1)])
  return forms.reduce((clean, form) => clean.replaceAll(form, '[redacted]'), text)
}
