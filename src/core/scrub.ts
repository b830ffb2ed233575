import { redacted, removeSecretPatterns } from './secret-patterns.ts'
import { isVerbatim, type Verbatim } from './verbatim.ts'

/** Removes what must not leave this function from a text. Safe to call with any text, of any length. */
export type Scrub = (text: string) => string

/** Longer texts are cut, in characters: a driver may repeat a whole answer in its message. */
const maxTextLength = 2000
const maxDepth = 8
const maxEntries = 200
/** Values of one copy in all. */
const maxValues = 2000

/**
 * @param secrets every secret of the configuration, whole and in parts (a password, a host); each is removed as
 *   it stands, URL-encoded and base64-encoded
 */
export function createScrub(secrets: readonly string[]): Scrub {
  const known = [...new Set(secrets.filter((secret) => secret.length >= 4).flatMap(encodings))].sort(
    (a, b) => b.length - a.length,
  )
  const maxSecretLength = known[0]?.length ?? 0
  // One pattern for all of them: a text is read once, however many there are.
  const anyKnown = known.length > 0 ? new RegExp(known.map(escaped).join('|'), 'g') : undefined
  return (text) => {
    let clean = text.slice(0, maxTextLength + maxSecretLength)
    if (anyKnown) clean = clean.replace(anyKnown, redacted)
    // Nobody recognises the half of a secret that stands where the text was cut.
    if (text.length > maxTextLength + maxSecretLength) clean = clean.slice(0, clean.length - maxSecretLength)
    return removeSecretPatterns(clean).slice(0, maxTextLength)
  }
}

/**
 * Removes the secrets of the configuration and nothing else, for {@link Verbatim} texts: only whole words of the text, and
 * no secret that is an ordinary word, which would spoil every name in a definition.
 *
 * @param maxLength longer texts are cut [maxLength=2000]
 */
export function createSecretRemover(secrets: readonly string[], maxLength = maxTextLength): Scrub {
  const known = secrets.filter((secret) => secret.length >= 4 && !/^[a-z]{1,15}$/i.test(secret))
  if (known.length === 0) return (text) => text.slice(0, maxLength)
  const all = known.flatMap(encodings).sort((a, b) => b.length - a.length)
  const anyKnown = new RegExp(`(?<!\\w)(?:${all.map(escaped).join('|')})(?!\\w)`, 'g')
  return (text) => text.replace(anyKnown, redacted).slice(0, maxLength)
}

const escaped = (text: string) => text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')

function encodings(secret: string): string[] {
  const base64 = btoa(String.fromCharCode(...new TextEncoder().encode(secret)))
  return [
    secret,
    encodeURIComponent(secret),
    JSON.stringify(secret).slice(1, -1),
    base64,
    base64.replaceAll('=', ''),
  ]
}

/**
 * A copy of any value as plain JSON, with every text in it scrubbed; bounded in depth, in breadth and in all, since
 * what refers to itself is a tree without an end. What cannot be read is said to be so. Never throws.
 *
 * @param removeSecrets [removeSecrets=scrub] cleans {@link Verbatim} texts
 */
export function scrubValue(value: unknown, scrub: Scrub, removeSecrets: Scrub = scrub): unknown {
  let left = maxValues
  // A list of twenty findings has the same few words over and over.
  const scrubbed = new Map<string, string>()
  const clean = (text: string): string => {
    const known = scrubbed.get(text) ?? scrub(text)
    scrubbed.set(text, known)
    return known
  }
  const copy = (item: unknown, depth: number): unknown => {
    left -= 1
    if (left < 0) return '[more]'
    if (typeof item === 'string') return clean(item)
    if (typeof item === 'number' || typeof item === 'boolean' || item === null) return item
    if (typeof item === 'bigint') return item.toString()
    if (typeof item !== 'object') return undefined
    if (depth >= maxDepth) return '[deeper]'
    try {
      return copyObject(item, depth)
    } catch {
      // A getter that throws or a revoked proxy: what is private must not cost the public its answer.
      return '[unreadable]'
    }
  }
  const replacementOf = (item: unknown): Verbatim['orElse'] => {
    try {
      const isChanged = isVerbatim(item) && removeSecrets(item.text) !== item.text
      return isChanged ? item.orElse : undefined
    } catch {
      return undefined
    }
  }
  const copyObject = (object: object, depth: number): unknown => {
    if (isVerbatim(object)) return removeSecrets(object.text)
    if (object instanceof Error) return scrub(`${object.name}: ${object.message}`)
    if (object instanceof Date) return Number.isNaN(object.getTime()) ? null : object.toISOString()
    if (Array.isArray(object)) return object.slice(0, maxEntries).map((item) => copy(item, depth + 1) ?? null)
    const entries = Object.entries(object).slice(0, maxEntries)
    return Object.fromEntries(
      entries.flatMap(([key, item]) =>
        Object.entries(replacementOf(item) ?? { [clean(key)]: copy(item, depth + 1) }),
      ),
    )
  }
  return copy(value, 0)
}
