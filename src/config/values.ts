import * as v from 'valibot'
import { isLoopback } from '../core/is-loopback.ts'
import { toSchedule } from '../core/schedule.ts'

/**
 * What a variable may hold. Every message says what was expected and never repeats the value: valibot's own
 * messages print it, and a value may be a secret.
 */

const text = v.pipe(v.string(), v.trim())

const parsedUrl = (value: string): URL | undefined => {
  try {
    return new URL(value)
  } catch {
    return undefined
  }
}

const isHttpUrl = (value: string) => {
  const url = parsedUrl(value)
  return url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopback(url))
}

/** fetch refuses such a URL before any I/O. */
const hasNoLogin = (value: string) => {
  const url = parsedUrl(value)
  return url?.username === '' && url.password === ''
}

export function numberBetween(min: number, max: number, unit: string) {
  const expected = `expected a number of ${unit} from ${min} to ${max}`
  return v.pipe(
    text,
    v.regex(/^\d+(\.\d+)?$/, expected),
    v.transform(Number),
    v.minValue(min, expected),
    v.maxValue(max, expected),
  )
}

export function wholeNumberBetween(min: number, max: number) {
  const expected = `expected a whole number from ${min} to ${max}`
  return v.pipe(
    text,
    v.regex(/^\d{1,9}$/, expected),
    v.transform(Number),
    v.minValue(min, expected),
    v.maxValue(max, expected),
  )
}

export function oneOf<const Word extends string>(...words: Word[]) {
  return v.pipe(text, v.picklist(words, `expected ${words.slice(0, -1).join(', ')} or ${words.at(-1)}`))
}

/** Any text on one line, for names that are passed on as they are. */
export const line = v.pipe(
  v.string(),
  v.regex(/^[^\r\n]*$/, 'expected one line'),
  v.maxLength(1000, 'expected at most 1000 characters'),
)

const isWords = (value: string) => value.split(',').some((word) => word.trim() !== '')

/** A comma list; empty entries do not count. */
export const commaList = v.pipe(
  line,
  v.check(isWords, 'expected names separated by commas'),
  v.transform((value) =>
    value
      .split(',')
      .map((word) => word.trim())
      .filter((word) => word !== ''),
  ),
)

/** A secret that travels in an HTTP header. */
export function token(minLength: number) {
  return v.pipe(
    v.string(),
    v.regex(/^[\x21-\x7e]+$/, 'expected a token on one line, without white space'),
    v.minLength(minLength, `expected at least ${minLength} characters`),
  )
}

const anyHttpUrl = v.pipe(
  text,
  v.check(isHttpUrl, 'expected an https:// URL (http:// only for this machine)'),
)

/** A URL that fetch takes. */
export const httpUrl = v.pipe(
  anyHttpUrl,
  v.check(hasNoLogin, 'expected an https:// URL without user and password'),
)

/** The SDK prints a DSN that it cannot read, so it is never given one. */
export const sentryDsn = v.pipe(
  anyHttpUrl,
  v.check((value) => {
    const { username, pathname } = new URL(value)
    return username !== '' && /\/\d+$/.test(pathname)
  }, "expected the project's DSN, https://key@host/number"),
)

/**
 * The name of a monitor of Sentry Crons. Relay cuts it after 50 characters (`SLUG_LENGTH`, relay-monitors/src/lib.rs);
 * the rest is the pattern of Sentry's API (https://docs.sentry.io/api/crons/create-a-monitor/).
 */
export const monitorSlug = v.pipe(
  text,
  v.regex(
    /^(?!\d+$)[a-z0-9_-]{1,50}$/,
    'expected at most 50 lower-case letters, digits, - and _, not digits alone',
  ),
)

export const monitorSchedule = v.pipe(
  text,
  v.check(
    (value) => toSchedule(value, 0) !== undefined,
    'expected a crontab (*/15 * * * *), rate(15 minutes) or cron(0/15 * * * ? *)',
  ),
)

/** Upstash shows two URLs; the TCP one is the one that people copy. */
export const redisRestUrl = v.pipe(
  text,
  v.check(
    (value) => !/^rediss?:\/\//i.test(value),
    "expected Redis's REST URL, which starts with https:// (the console shows it under REST API; the redis:// URL is for TCP clients)",
  ),
  httpUrl,
)

export const expectedPostgresUrl =
  'expected a connection string that starts with postgres:// and names user, password, host and database'

export const postgresUrl = v.pipe(
  text,
  v.check((value) => {
    const url = parsedUrl(value)
    return (
      (url?.protocol === 'postgres:' || url?.protocol === 'postgresql:') &&
      url.hostname !== '' &&
      url.username !== '' &&
      url.pathname.length > 1
    )
  }, expectedPostgresUrl),
)
