import { type Environment, textOf } from './reader.ts'

/** The product's own variables that hold a secret or the address of one. */
const ownNames = /^(DATABASE|UPSTASH|KV_REST|CELERY_REDIS|SENTRY_DSN|HEARTBEAT_URL|HEALTH_TOKEN)/
/** How everybody else calls a secret: `MAIL_API_KEY`, `AWS_SECRET_ACCESS_KEY`, `AWS_SESSION_TOKEN`. */
const commonNames = /(KEY|TOKEN|SECRET|PASSWORD|_DSN|_URL)$/i
/** The name of a key in Redis, which the details are about. */
const noSecrets: readonly string[] = ['CELERY_HEARTBEAT_KEY']

/**
 * Every secret of the environment, whole and in the parts that a driver may repeat, for the scrub: those of the product
 * and, by their names, those of whatever else runs here.
 */
export function secretsOf(environment: Environment): string[] {
  return Object.entries(environment).flatMap(([name, bound]) => {
    const value = textOf(bound)
    if (value === undefined || noSecrets.includes(name)) return []
    if (ownNames.test(name)) return [value, ...urlParts(value)]
    return commonNames.test(name) ? likelySecrets(value) : []
  })
}

/** `true`, `production`, or the host `redis`: taken out of every text, a word would spoil what Sentry is told. */
const isWord = (text: string) => /^[a-z]{1,15}$/i.test(text)

/** What is a secret by its name alone may be none: words, short texts and public addresses are left. */
function likelySecrets(value: string): string[] {
  return partsOf(value).filter((part) => !isWord(part))
}

function partsOf(value: string): string[] {
  // `id:key` has the form of a URL too.
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

/** A percent sign that encodes nothing is an ordinary character to whoever wrote it. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
