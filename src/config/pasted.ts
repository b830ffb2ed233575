/**
 * What copying a value leaves around it, removed where nothing else can be meant. Where it could be part of the value,
 * the value stays as it is and a mistake says what to do.
 * @module
 */

/**
 * Without the variable's own name before it, which comes along when a line of a `.env` file is copied.
 *
 * @example
 * withoutName('HEALTH_TOKEN', 'export HEALTH_TOKEN=0123456789abcdef') // '0123456789abcdef'
 */
export function withoutName(variable: string, value: string): string {
  const [, name, rest] = /^\s*(?:export\s+)?([A-Z0-9_]+)\s*=(.*)/s.exec(value) ?? []
  return name === variable && rest !== undefined ? rest : value
}

/**
 * Without white space, line breaks and one pair of quotes around it.
 *
 * @example
 * unwrap(' "https://eu1.upstash.io"\n') // 'https://eu1.upstash.io'
 */
export function unwrap(value: string): string {
  const trimmed = value.trim()
  return (/^(["'`])((?:(?!\1).)*)\1$/s.exec(trimmed)?.[2] ?? trimmed).trim()
}

/** The token of a service without the scheme of the header in which its documents show it. */
export const unwrapToken = (value: string): string => unwrap(value).replace(/^Bearer\s+(?=\S)/i, '')

/**
 * A connection string as Postgres knows it: without the `psql` before it or the driver that SQLAlchemy names in its
 * scheme, and with a password that was pasted as it is encoded.
 *
 * @example
 * toPostgresUrl("psql 'postgresql+asyncpg://app:a#b@host/shop'") // 'postgresql://app:a%23b@host/shop'
 */
export function toPostgresUrl(value: string): string {
  const command = /^psql\s+(\S.*)/s.exec(unwrap(value))
  const url = unwrap(command?.[1] ?? value).replace(/^(postgres(?:ql)?)\+\w+:\/\//i, '$1://')
  const { before, password, after } = partsOf(url)
  if (password === undefined) return url
  // A percent sign that does not begin an escape is an ordinary character, and decoders disagree about it.
  const escaped = password.replace(/%(?![0-9a-f]{2})/gi, '%25')
  if (!isMisread(url)) return `${before}${escaped}${after}`
  return hasEscapes(password) ? url : `${before}${encodeURIComponent(password)}${after}`
}

/** Whether its password has to be encoded by hand: it holds both reserved characters and what looks like escapes. */
export const isAmbiguous = (url: string): boolean => {
  const { password } = partsOf(url)
  return password !== undefined && isMisread(url) && hasEscapes(password)
}

const hasEscapes = (password: string): boolean => /%[0-9a-f]{2}/i.test(password)

/** Everything up to the last `@` that a host and a database follow. */
function partsOf(url: string) {
  const match = /^(postgres(?:ql)?:\/\/[^:@/?#\s]+:)(\S+)(@[^@/?#\s]+\/[^@/?#\s]+(?:\?[^@\s]*)?)$/i.exec(url)
  return { before: match?.[1], password: match?.[2], after: match?.[3] }
}

/** Whether a parser of URLs ends the password too early, at one of its `/`, `?` or `#`. */
function isMisread(text: string): boolean {
  if (!URL.canParse(text)) return true
  const { username, pathname, hash } = new URL(text)
  return username === '' || pathname.length < 2 || `${pathname}${hash}`.includes('@')
}
