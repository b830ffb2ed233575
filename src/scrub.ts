/** Removes what must not leave this function from a text. Safe to call with any text, of any length. */
export type Scrub = (text: string) => string

const redacted = '[redacted]'
/** Longer texts are cut, in characters: a driver may repeat a whole answer in its message. */
const maxTextLength = 2000
const maxDepth = 8
const maxEntries = 200

/** What may hold a secret that we have never seen, whoever wrote the text. */
const patterns: readonly (readonly [RegExp, string])[] = [
  [/\b([a-z][a-z0-9+.-]*):\/\/[^\s"'<>]+/gi, `$1://${redacted}`],
  [/\b(bearer|basic)\s+[\w.~+/=-]+/gi, `$1 ${redacted}`],
  [/\b(user|role|database|host)(:? )(["'])[^"']*\3/gi, `$1$2$3${redacted}$3`],
  // A colon before a space is a sentence about a column of that name, not a value.
  [
    /\b(password|passwd|pwd|token|secret|api[_-]?key)(\s*=\s*|["']?:(?=[^\s:])|["']:\s*(?=["']))("[^"]*"|'[^']*'|[^\s,;&"']+)/gi,
    `$1$2${redacted}`,
  ],
  [/\b[\w-]+(\.[\w-]+)*\.(neon\.tech|neon\.build|upstash\.io|sentry\.io|rds\.amazonaws\.com)\b/gi, redacted],
  [/\b\d{1,3}(\.\d{1,3}){3}(:\d+)?\b/g, redacted],
]

/**
 * @param secrets every secret of the configuration, whole and in parts (a password, a host); each is removed as
 *   it stands, URL-encoded and base64-encoded
 */
export function createScrub(secrets: readonly string[]): Scrub {
  const known = [...new Set(secrets.filter((secret) => secret.length >= 4).flatMap(encodings))].sort(
    (a, b) => b.length - a.length,
  )
  const longest = known[0]?.length ?? 0
  // One pattern for all of them: a text is read once, however many there are.
  const anyKnown = known.length > 0 ? new RegExp(known.map(escaped).join('|'), 'g') : undefined
  return (text) => {
    let clean = text.slice(0, maxTextLength + longest)
    if (anyKnown) clean = clean.replace(anyKnown, redacted)
    // Nobody recognises the half of a secret that stands where the text was cut.
    if (text.length > maxTextLength + longest) clean = clean.slice(0, clean.length - longest)
    for (const [pattern, replacement] of patterns) clean = clean.replace(pattern, replacement)
    return clean.slice(0, maxTextLength)
  }
}

const escaped = (text: string) => text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')

function encodings(secret: string): string[] {
  const base64 = btoa(String.fromCharCode(...new TextEncoder().encode(secret)))
  return [
    secret,
    encodeURIComponent(secret),
    JSON.stringify(secret).slice(1, -1),
    base64,
    base64.replace(/=+$/, ''),
  ]
}

/** A copy of any value as plain JSON, bounded in depth and breadth, with every text in it scrubbed. */
export function scrubValue(value: unknown, scrub: Scrub, depth = 0): unknown {
  if (typeof value === 'string') return scrub(value)
  if (typeof value === 'number' || typeof value === 'boolean' || value === null) return value
  if (typeof value === 'bigint') return value.toString()
  if (typeof value !== 'object') return undefined
  if (depth >= maxDepth) return '[deeper]'
  if (value instanceof Error) return scrub(`${value.name}: ${value.message}`)
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString()
  if (Array.isArray(value))
    return value.slice(0, maxEntries).map((item) => scrubValue(item, scrub, depth + 1) ?? null)
  return Object.fromEntries(
    entriesOf(value)
      .slice(0, maxEntries)
      .map(([key, item]) => [scrub(key), scrubValue(item, scrub, depth + 1)]),
  )
}

/** None of an object that throws when it is read: what is private must not cost the public its answer. */
function entriesOf(value: object): [string, unknown][] {
  try {
    return Object.entries(value)
  } catch {
    return []
  }
}
