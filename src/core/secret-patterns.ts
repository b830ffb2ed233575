/** Stands where something was removed. */
export const redacted = '[redacted]'

/**
 * What may hold a secret that is not in the configuration, in the text of any server or library.
 *
 * Each takes time that grows with the length of the text, and not with its square, whatever the text is: a stranger may
 * have written it. That is why a URL is found by its `://` and read backwards, and why a host is tried only at the first
 * letter of its name: tried at each of its parts, `a.a.a.a` is read once for every part.
 */
export const secretPatterns: readonly (readonly [RegExp, string])[] = [
  [/:\/\/(?<=\b[a-z][a-z0-9+.-]*:\/\/)[^\s"'<>]+/gi, `://${redacted}`],
  [/\b(bearer|basic)\s+[\w.~+/=-]+/gi, `$1 ${redacted}`],
  [/\b(user|role|database|host)(:? )(["'])[^"']*\3/gi, `$1$2$3${redacted}$3`],
  // A colon before a space is a sentence about a column of that name, not a value.
  [
    /\b(password|passwd|pwd|token|secret|api[_-]?key)(\s*=\s*|["']?:(?=[^\s:])|["']:\s*(?=["']))("[^"]*"|'[^']*'|[^\s,;&"']+)/gi,
    `$1$2${redacted}`,
  ],
  [
    /\w(?<!\w-*(?:\.-+)*\.?\w)[\w-]*(?:\.[\w-]+)*\.(?:neon\.tech|neon\.build|upstash\.io|sentry\.io|rds\.amazonaws\.com)\b/gi,
    redacted,
  ],
  [/\b\d{1,3}(\.\d{1,3}){3}(:\d+)?\b/g, redacted],
]
