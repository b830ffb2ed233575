import { boundedFetch } from '../../clients/bounded-fetch.ts'
import { faultOfHttpStatus } from '../../clients/http-status.ts'
import { type Check, CheckError } from '../../core/check.ts'
import { isLoopback } from '../../core/is-loopback.ts'

/**
 * What a URL has to answer.
 *
 * @example
 * const options: HttpCheckOptions = { name: 'mail', url: 'https://mail.example.com/status', expectedText: 'ready' }
 */
export interface HttpCheckOptions {
  /** The `checker` of the result: a lower-case word that no other check has. */
  readonly name: string
  /** `https:`, or `http:` on this machine. It may hold a key: it is in no answer, log line or event. */
  readonly url: string
  /** The one status that passes. [any from 200 to 299] */
  readonly expectedStatus?: number
  /** What the body has to hold. [anything] */
  readonly expectedText?: string
  /** Headers of the request. [none] */
  readonly headers?: Readonly<Record<string, string>>
  /** Milliseconds; at most HEALTH_TIMEOUT_MS, which holds where this is absent. */
  readonly timeoutMs?: number
  /** The check that asks the same server something simpler. */
  readonly dependsOn?: string
}

/**
 * Does a URL answer as it should? Costs one GET. At most 1 MiB of the body is read, and a redirect is not followed: its status
 * is the answer. Fails with `unauthorized`, `quota_exceeded`, `timeout`, `unreachable` or `wrong_answer`.
 *
 * @throws {TypeError} where the URL is not one that may be asked; the message does not repeat it
 * @example
 * createWorker({ expected, checks: [httpCheck({ name: 'mail', url: 'https://mail.example.com/status' })] })
 */
export function httpCheck(options: HttpCheckOptions): Check {
  const { name, url, expectedStatus, expectedText, headers = {}, timeoutMs, dependsOn } = options
  validateUrl(name, url)
  return {
    name,
    ...(timeoutMs !== undefined && { timeoutMs }),
    ...(dependsOn !== undefined && { dependsOn }),
    async run({ signal }) {
      const { status, text } = await boundedFetch(url, { headers, signal }).catch(withoutCause)
      const details = { http_status: status }
      const isExpected =
        expectedStatus === undefined ? status >= 200 && status <= 299 : status === expectedStatus
      if (!isExpected) {
        const code = status >= 200 && status <= 299 ? 'wrong_answer' : faultOfHttpStatus(status)
        throw new CheckError(code, `HTTP ${status} is not the expected status`, { details })
      }
      if (expectedText !== undefined && !text.includes(expectedText))
        throw new CheckError('wrong_answer', 'the answer does not hold the expected text', { details })
      return { status: 'pass', code: 'ok', output: `${name} ok`, details }
    },
  }
}

/** What the platform threw holds the host or the whole URL, and no pattern of the scrub knows a key in it. */
function withoutCause(error: unknown): never {
  if (!(error instanceof CheckError)) throw new CheckError('error', 'the request could not be made')
  throw new CheckError(error.code, error.message)
}

function validateUrl(name: string, url: string): void {
  const parsed = URL.canParse(url) ? new URL(url) : undefined
  const isSafe = parsed?.protocol === 'https:' || (parsed?.protocol === 'http:' && isLoopback(parsed))
  if (!isSafe) throw new TypeError(`The url of the check ${name} is not an https:// URL`)
  if (parsed.username !== '' || parsed.password !== '')
    throw new TypeError(`The url of the check ${name} holds a user or password: send it in headers`)
}
