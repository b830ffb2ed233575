import * as v from 'valibot'
import { isFindingPattern } from '../core/finding-kinds.ts'
import { isLoopback } from '../core/is-loopback.ts'
import { toSchedule } from '../core/schedule.ts'
import { maintenanceWindow } from './maintenance.ts'
import { isAmbiguous, toPostgresUrl, unwrap, unwrapToken } from './pasted.ts'

/**
 * The schemas of the variables' values. Every message says what was expected and never repeats the value, because it may
 * be a secret; valibot's own messages would print it.
 * @module
 */

const text = v.pipe(v.string(), v.transform(unwrap))

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

/** Any text on one line, for keys and prefixes: white space and quotes may be part of them. */
export const line = v.pipe(
  v.string(),
  v.transform((value) => value.replace(/[\r\n]+$/, '')),
  v.regex(/^[^\r\n]*$/, 'expected one line'),
  v.maxLength(1000, 'expected at most 1000 characters'),
)

/** A name that is shown, such as a host or a release. */
export const name = v.pipe(text, line)

/** The beginning of Redis keys. */
export const storeKey = v.pipe(
  text,
  v.regex(/^[\w.:{}/-]{1,100}$/, 'expected at most 100 letters, digits and characters of _.:{}/-'),
)

const isWords = (value: string) => value.split(',').some((word) => word.trim() !== '')

/** A comma list; empty entries do not count. */
export const commaList = v.pipe(
  name,
  v.check(isWords, 'expected names separated by commas'),
  v.transform((value) =>
    value
      .split(',')
      .map((word) => word.trim())
      .filter((word) => word !== ''),
  ),
)

/** Kinds of findings, as the details of the migrations check name them; `_` is taken for a space. */
export const findingPatterns = v.pipe(
  commaList,
  v.transform((words) => words.map((word) => word.toLowerCase().replaceAll('_', ' '))),
  v.check(
    (words) => words.every(isFindingPattern),
    'expected kinds of findings (table, column, index, constraint, …), missing, changed, extra, or both as index:missing',
  ),
)

const headerValue = v.regex(/^[\x21-\x7e]+$/, 'expected a token on one line, without white space')

/** The token of a service, as it is sent to it in an HTTP header. */
export const serviceToken = v.pipe(v.string(), v.transform(unwrapToken), headerValue)

/** The token that callers send. Quotes around it stay, since callers may send them too. */
export const callerToken = v.pipe(
  v.string(),
  v.trim(),
  headerValue,
  v.minLength(16, 'expected at least 16 characters'),
)

const anyHttpUrl = v.pipe(
  text,
  v.check(isHttpUrl, 'expected an https:// URL (http:// only for this machine)'),
)

/** A URL that fetch accepts. */
export const httpUrl = v.pipe(
  anyHttpUrl,
  v.check(hasNoLogin, 'expected an https:// URL without user and password'),
)

/** The SDK prints a DSN that it cannot read, so such a DSN never reaches it. */
export const sentryDsn = v.pipe(
  anyHttpUrl,
  v.check((value) => {
    const { username, pathname } = new URL(value)
    return username !== '' && /\/\d+$/.test(pathname)
  }, "expected the project's DSN, https://key@host/number"),
)

/**
 * The environment of events and check-ins. Sentry refuses other names
 * (https://docs.sentry.io/concepts/key-terms/environments/), and Relay drops a check-in whose environment is longer
 * (`ENVIRONMENT_LENGTH`, relay-monitors/src/lib.rs).
 */
export const sentryEnvironment = v.pipe(
  text,
  v.regex(
    /^(?!none$)[^\s/]{1,64}$/i,
    'expected at most 64 characters without white space and slashes, and not None',
  ),
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

/** A comma list of windows (`maintenance.ts`). */
export const maintenanceWindows = v.pipe(
  commaList,
  v.transform((words) => words.map(maintenanceWindow)),
  v.check(
    (windows) => windows.every((window) => window !== undefined),
    'expected 2026-12-01T02:00Z/PT2H or Sun 02:00/PT2H Europe/Berlin, separated by commas',
  ),
  v.transform((windows) => windows.filter((window) => window !== undefined)),
)

/** `off`, or minutes up to a week. */
export const offOrMinutes = v.pipe(
  text,
  v.check(
    (value) => value === 'off' || (/^\d{1,5}$/.test(value) && Number(value) >= 5 && Number(value) <= 10_080),
    'expected off or a number of minutes from 5 to 10080',
  ),
  v.transform((value) => (value === 'off' ? undefined : Number(value))),
)

/** Upstash shows two URLs, and people often copy the one for TCP. */
export const redisRestUrl = v.pipe(
  text,
  v.check(
    (value) => !/^(rediss?:\/\/|redis-cli\s)/i.test(value),
    "expected Redis's REST URL, which starts with https:// (the console shows it under REST API; the redis:// URL is for TCP clients)",
  ),
  httpUrl,
)

/** For TCP clients: the database is the path, TLS is another scheme. */
export const redisUrl = v.pipe(
  text,
  v.check((value) => {
    const url = parsedUrl(value)
    return (url?.protocol === 'redis:' || url?.protocol === 'rediss:') && url.hostname !== ''
  }, 'expected a URL that starts with redis:// or rediss:// and names a host'),
  v.check(
    (value) => Number.isInteger(databaseInUrl(value)),
    'expected the number of a database as the path of the URL, or none, as in redis://host:6379/1',
  ),
)

/** As ioredis reads a URL (`parseURL`): the path goes before `?db=`. NaN for what is not a number. */
export function databaseInUrl(url: string): number {
  const { pathname, searchParams } = new URL(url)
  const text = pathname.slice(1) || (searchParams.get('db') ?? '0')
  return /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN
}

export const expectedPostgresUrl =
  'expected a connection string that starts with postgres:// and names user, password, host and database'

export const postgresUrl = v.pipe(
  v.string(),
  v.transform(toPostgresUrl),
  v.check(
    (value) => !isAmbiguous(value),
    'expected a password whose special characters are encoded (% as %25, # as %23, / as %2F, ? as %3F, @ as %40)',
  ),
  v.check((value) => {
    const url = parsedUrl(value)
    return (
      (url?.protocol === 'postgres:' || url?.protocol === 'postgresql:') &&
      // With a user there is a host, or the parser refuses it.
      url.username !== '' &&
      url.pathname.length > 1
    )
  }, expectedPostgresUrl),
  v.check(
    (value) => !/^\*+$/.test(new URL(value).password),
    'expected the password itself: show it in the console before you copy the connection string',
  ),
)
