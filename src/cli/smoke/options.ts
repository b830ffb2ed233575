import { isLoopback } from '../../core/is-loopback.ts'
import { commaList } from '../comma-list.ts'
import { parseDuration } from '../terminal/duration.ts'
import { UsageError } from '../usage-error.ts'
import type { PollOptions } from './poll.ts'

/** The words of the command line. */
export interface SmokeArguments {
  readonly url: string
  readonly expectRelease?: string | undefined
  readonly timeout: string
  readonly interval: string
  readonly consecutive: string
  readonly token?: string | undefined
  readonly check: readonly string[]
  readonly header: readonly string[]
}

export interface SmokeOptions extends PollOptions {
  readonly url: URL
  readonly headers: Headers
  /** What must never be printed, should the deployment repeat it. */
  readonly secrets: readonly string[]
}

/**
 * The command line's words, checked and made into what the attempts need.
 *
 * @throws {UsageError} without the value where the value may be a secret
 */
export function readSmokeOptions(words: SmokeArguments): SmokeOptions {
  const checks = commaList(words.check)
  const url = readUrl(words.url)
  if (checks.length > 0) url.searchParams.set('check', checks.join(','))
  if (words.token && url.protocol === 'http:' && !isLoopback(url)) {
    throw new UsageError('The token would travel in plain text: give an https address, or no token.')
  }
  // The value of a parameter does not matter to the endpoint; "fresh=" is what URLSearchParams can write.
  if (words.token) url.searchParams.set('fresh', '')
  return {
    url,
    headers: readHeaders(words),
    secrets: [words.token, ...words.header.map((line) => line.slice(line.indexOf(':') + 1).trim())].filter(
      (value): value is string => value !== undefined && value.length >= 8,
    ),
    checks,
    timeoutMs: parseDuration('timeout', words.timeout),
    intervalMs: parseDuration('interval', words.interval),
    consecutive: readCount('consecutive', words.consecutive),
    release: words.expectRelease,
  }
}

function readUrl(text: string): URL {
  const url = URL.parse?.(text) ?? (URL.canParse(text) ? new URL(text) : undefined)
  if (!url || !/^https?:$/.test(url.protocol)) {
    throw new UsageError(
      'The address must begin with https:// (or http://): https://example.com/health-check.',
    )
  }
  if (url.username || url.password) {
    throw new UsageError('The address must not hold a user or password: use --token or --header.')
  }
  if (url.pathname === '/') url.pathname = '/health-check'
  url.hash = ''
  return url
}

function readHeaders({ header, token }: SmokeArguments): Headers {
  // A new connection each time: behind one that is kept, the same machine of the edge would answer every time.
  const headers = new Headers({ accept: 'application/json', connection: 'close' })
  for (const [index, line] of header.entries()) {
    const colon = line.indexOf(':')
    if (colon < 1) throw new UsageError(unsendable(`--header number ${index + 1}`))
    appendHeader(headers, line.slice(0, colon), line.slice(colon + 1), `--header number ${index + 1}`)
  }
  if (token) appendHeader(headers, 'authorization', `Bearer ${token}`, 'The token')
  return headers
}

function appendHeader(headers: Headers, name: string, value: string, what: string): void {
  try {
    headers.append(name, value)
  } catch {
    // The error's own text holds the value.
    throw new UsageError(unsendable(what))
  }
}

const unsendable = (what: string): string =>
  `${what} cannot be sent: a header is "Name: value", without line breaks.`

function readCount(option: string, text: string): number {
  const count = Number(text)
  if (!Number.isInteger(count) || count < 1 || count > 100) {
    throw new UsageError(`--${option} expects a whole number from 1 to 100, and got "${text}".`)
  }
  return count
}
