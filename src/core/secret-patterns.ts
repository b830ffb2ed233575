/** Stands where something was removed. */
export const redacted = '[redacted]'

/** What may hold a secret that is not in the configuration, in the text of any server or library. */
interface SecretPattern {
  /** Finds nothing in a text that holds none of these, in lower case: most texts are so, and it need not be compiled. */
  readonly needs: readonly string[]
  readonly pattern: RegExp
  readonly replacement: string
}

/**
 * Each takes time that grows with the length of the text, and not with its square, whatever the text is: a stranger may
 * have written it. That is why a URL is found by its `://` and read backwards, and why a host is tried only at the first
 * letter of its name: tried at each of its parts, `a.a.a.a` is read once for every part.
 */
export const secretPatterns: readonly SecretPattern[] = [
  {
    needs: ['://'],
    pattern: /:\/\/(?<=\b[a-z][a-z0-9+.-]*:\/\/)[^\s"'<>]+/gi,
    replacement: `://${redacted}`,
  },
  {
    needs: ['bearer', 'basic'],
    pattern: /\b(bearer|basic)\s+[\w.~+/=-]+/gi,
    replacement: `$1 ${redacted}`,
  },
  {
    needs: ['user', 'role', 'database', 'host'],
    pattern: /\b(user|role|database|host)(:? )(["'])[^"']*\3/gi,
    replacement: `$1$2$3${redacted}$3`,
  },
  {
    needs: ['passw', 'pwd', 'token', 'secret', 'api'],
    // A colon before a space is a sentence about a column of that name, not a value.
    pattern:
      /\b(password|passwd|pwd|token|secret|api[_-]?key)(\s*=\s*|["']?:(?=[^\s:])|["']:\s*(?=["']))("[^"]*"|'[^']*'|[^\s,;&"']+)/gi,
    replacement: `$1$2${redacted}`,
  },
  {
    needs: ['.neon.', '.upstash.io', '.sentry.io', '.rds.amazonaws.com'],
    pattern:
      /\w(?<!\w-*(?:\.-+)*\.?\w)[\w-]*(?:\.[\w-]+)*\.(?:neon\.tech|neon\.build|upstash\.io|sentry\.io|rds\.amazonaws\.com)\b/gi,
    replacement: redacted,
  },
  {
    needs: ['.'],
    pattern: /\b\d{1,3}(\.\d{1,3}){3}(:\d+)?\b/g,
    replacement: redacted,
  },
]

/**
 * The text without what these patterns find.
 *
 * @example
 * removeSecretPatterns('connect ECONNREFUSED 10.1.2.3:5432') // 'connect ECONNREFUSED [redacted]'
 */
export function removeSecretPatterns(text: string): string {
  const lower = text.toLowerCase()
  return secretPatterns
    .filter(({ needs }) => needs.some((part) => lower.includes(part)))
    .reduce((left, { pattern, replacement }) => left.replace(pattern, replacement), text)
}
