import { toPostgresUrl, unwrapToken, withoutName } from './pasted.ts'
import { type Environment, textOf } from './reader.ts'
import { isOpenVariable, isSecretVariable } from './variables.ts'

/**
 * Passwords and hosts on a developer's machine that are also words in this package's own sentences, such as `the package ioredis`.
 * Removing them would protect nothing and make the sentences unreadable.
 */
const usualWords: ReadonlySet<string> = new Set([
  'celery',
  'database',
  'localhost',
  'password',
  'postgres',
  'postgresql',
  'redis',
  'secret',
])

/** How other applications name their secrets: `MAIL_API_KEY`, `AWS_SECRET_ACCESS_KEY`, `POSTGRES_URL_NO_SSL`. */
const commonNames = /(KEY|TOKEN|SECRET|PASSWORD|_DSN|_URL(_UNPOOLED|_NON_POOLING|_NO_SSL)?)$/i

/**
 * Every secret of the environment, whole and in the parts that a driver may repeat, for the scrub: those of this
 * function and, recognised by their names, those of the application around it.
 */
export function secretsOf(environment: Environment): string[] {
  const found = Object.entries(environment).flatMap(([name, bound]) => {
    const text = textOf(bound)
    if (text === undefined || isOpenVariable(name)) return []
    // As it is set and as it is used: what was pasted may have more around it, or a password that is not encoded.
    const pasted = withoutName(name, text)
    const value = /postgres/i.test(pasted) ? toPostgresUrl(pasted) : unwrapToken(pasted)
    if (isSecretVariable(name)) return [text, value, ...urlParts(value)]
    return commonNames.test(name) ? likelySecrets(value) : []
  })
  return found.filter((secret) => !usualWords.has(secret.toLowerCase()))
}

/** `true`, `production`, or the host `redis`: if such a word were removed from every text, the texts would be unreadable. */
const isWord = (text: string) => /^[a-z]{1,15}$/i.test(text)

/** The name alone does not prove a secret: words, short texts and public addresses are left. */
function likelySecrets(value: string): string[] {
  return partsOf(value).filter((part) => !isWord(part))
}

function partsOf(value: string): string[] {
  // `id:key` also parses as a URL.
  if (!value.includes('://') || !URL.canParse(value)) return value.length >= 8 ? [value] : []
  const url = new URL(value)
  return url.username === '' && url.password === '' ? keysIn(url) : urlParts(value)
}

function urlParts(value: string): string[] {
  if (!URL.canParse(value)) return []
  const url = new URL(value)
  const parts = [url.host, url.hostname, decoded(url.password), url.password]
  // A short user name is an ordinary word; the scrub knows where drivers write it.
  if (url.username.length > 8) parts.push(url.username)
  return [...parts, ...keysIn(url)]
}

/** A heartbeat service's URL has its key in the path; words without a digit are ordinary ones. */
function keysIn({ protocol, pathname, searchParams }: URL): string[] {
  if (!protocol.startsWith('http')) return []
  return [...pathname.split('/'), ...searchParams.values()].filter(
    (part) => part.length >= 8 && /\d/.test(part),
  )
}

/** A percent sign that does not encode anything is an ordinary character. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
