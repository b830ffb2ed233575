/** What was thrown, as a text; unscrubbed. Whatever it is, it has one: a log line about a fault never becomes a fault. */
export function thrownText(thrown: unknown): string {
  try {
    return String(thrown)
  } catch {
    return 'something that cannot be read'
  }
}
