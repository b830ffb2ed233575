/**
 * The vocabulary of the core: what a check is, what it answers, and how it says that something is wrong.
 * @module
 */
import { errorCode } from './error-code.ts'

/**
 * `warn` counts as success for the caller's HTTP status: somebody should look, nobody should be woken.
 *
 * @example
 * const status: Status = freeBytes > 1e9 ? 'pass' : 'warn'
 */
export type Status = 'pass' | 'warn' | 'fail'

/**
 * Codes that any check may carry. A code is public and stable: alert rules and runbooks are written against it,
 * so a new cause gets a new code and an old code never changes its meaning.
 */
export const faultCodes = [
  'not_configured',
  'quota_exceeded',
  'unauthorized',
  'timeout',
  'unreachable',
  'wrong_answer',
  'error',
] as const

export const migrationsCodes = [
  'pending',
  'edited',
  'out_of_order',
  'unknown_migration',
  'models_ahead',
  'drift',
  'database_ahead',
  'no_ledger',
  'not_compared',
  'extra',
  'line_endings',
] as const

export const celeryCodes = [
  'no_workers',
  'no_reply',
  'missing_worker',
  'too_few_workers',
  'missing_queue',
  'no_heartbeat',
  'stale_heartbeat',
  'silent_worker',
  'backlog',
  'idle_worker',
  'stuck_queue',
] as const

/**
 * What kind of fault it is: each is explained in docs/runbook.md, and a {@link CheckError} has one.
 *
 * @example
 * const code: FaultCode = response.status === 401 ? 'unauthorized' : 'wrong_answer'
 */
export type FaultCode = (typeof faultCodes)[number]
export type MigrationsCode = (typeof migrationsCodes)[number]
export type CeleryCode = (typeof celeryCodes)[number]

/**
 * Every code of the checks that ship with the product. A check of your own may use any other snake_case word of at
 * most 40 characters.
 *
 * @example
 * const code: Code = 'disk_almost_full'
 */
export type Code = 'ok' | 'slow' | FaultCode | MigrationsCode | CeleryCode | (string & Record<never, never>)

/**
 * What only a caller with the token sees. Plain JSON values; secrets are scrubbed from it.
 *
 * @example
 * const details: Details = { free_bytes: 734_003_200, mount: '/data' }
 */
export type Details = { readonly [key: string]: unknown }

/**
 * What a check found out.
 *
 * @example
 * const outcome: Outcome = {
 *   status: 'warn',
 *   code: 'disk_almost_full',
 *   output: 'the disk is almost full',
 *   details: { free_bytes: 734_003_200 },
 * }
 */
export interface Outcome {
  readonly status: Status
  readonly code: Code
  /**
   * One fixed public sentence: no driver text, no host, no name of a table or worker. It is cut after 200 bytes, and
   * replaced where it has one of the words of the overall status, since monitors search for those.
   */
  readonly output: string
  readonly details?: Details
}

/**
 * What a check is given when it is asked.
 *
 * @example
 * const ask = ({ signal }: CheckContext) => fetch('https://search.example.com/health', { signal })
 */
export interface CheckContext {
  /** Aborts when the check's timeout or the run's deadline has passed: pass it to every I/O. */
  readonly signal: AbortSignal
  /** Milliseconds this check has in all, counted from its start. */
  readonly timeoutMs: number
  /**
   * What another check of the same run found out, as soon as it is known; else its last result, unless that has expired. Undefined
   * when there is neither. Absent where a check is called by itself.
   */
  readonly outcomeOf?: (checker: string) => Promise<Outcome | undefined>
}

/**
 * A name, a timeout and a query of one dependency.
 *
 * @example
 * const search: Check = {
 *   name: 'search',
 *   timeoutMs: 500,
 *   async run({ signal }) {
 *     const response = await fetch('https://search.example.com/health', { signal })
 *     if (!response.ok) throw new CheckError('wrong_answer', `status ${response.status}`)
 *     return { status: 'pass', code: 'ok', output: 'search works' }
 *   },
 * }
 */
export interface Check {
  /** Lower-case word, unique among the checks; it is the `checker` of the result and the value of `?check=`. */
  readonly name: string
  /** Milliseconds; at most HEALTH_TIMEOUT_MS, which cuts a longer one and holds where this is absent. */
  readonly timeoutMs?: number
  /**
   * The check that asks the same server for less. When both fail in one run because the server
   * cannot be asked, this one takes over that check's code, and the notifiers report it once.
   */
  readonly dependsOn?: string
  /** Asks the dependency. Returns an outcome, or throws: a {@link CheckError} keeps its code, anything else is `error`. */
  readonly run: (context: CheckContext) => Outcome | Promise<Outcome>
}

/**
 * What a check of an application is given when it is asked.
 *
 * @example
 * const ask = ({ env, signal }: CheckContext) => fetch(String(env['SEARCH_URL']), { signal })
 */
export interface CustomCheckContext extends CheckContext {
  /** The bindings in a Worker, the variables of the process elsewhere. What is secret in it belongs into no output. */
  readonly env: Readonly<Record<string, unknown>>
}

/**
 * A check of an application: a {@link Check} that is also given the variables.
 *
 * @example
 * const search: Check = {
 *   name: 'search',
 *   async run({ env, signal }) {
 *     const response = await fetch(String(env['SEARCH_URL']), { signal })
 *     if (!response.ok) throw new CheckError('wrong_answer', `status ${response.status}`)
 *     return { status: 'pass', code: 'ok', output: 'search works' }
 *   },
 * }
 */
export interface CustomCheck extends Omit<Check, 'run'> {
  /** Asks the dependency. Returns an outcome, or throws: a {@link CheckError} keeps its code, anything else is `error`. */
  readonly run: (context: CustomCheckContext) => Outcome | Promise<Outcome>
}

/**
 * An outcome with its times. Times are epoch milliseconds, durations milliseconds; the answer has them in seconds.
 *
 * @example
 * const isFresh = (result: Result) => result.expires > Date.now()
 */
export interface Result extends Outcome {
  readonly checker: string
  /** When the outcome was known. */
  readonly timestamp: number
  /** Until when it may be repeated without asking again. */
  readonly expires: number
  readonly responseTime: number
  /** What was thrown, for the notifiers. Never serialised. */
  readonly cause?: unknown
  /** The check whose fault this result repeats; that check's result is the one that is reported. */
  readonly causedBy?: string
  /** A deadline left it less than its time: this timeout answers who asked, and proves nothing to anybody else. */
  readonly isCutShort?: boolean
}

const sentences: Record<FaultCode, string> = {
  not_configured: 'is not configured',
  quota_exceeded: 'could not be asked: quota or limit reached',
  unauthorized: 'could not be asked: the credentials were refused',
  timeout: 'did not answer in time',
  unreachable: 'cannot be reached',
  wrong_answer: 'gave an unexpected answer',
  error: 'could not be checked',
}

/**
 * A typed fault. Its message is for the notifiers and the details, never for the public.
 *
 * @example
 * throw new CheckError('wrong_answer', `status ${response.status}`, { details: { status: response.status } })
 */
export class CheckError extends Error {
  override readonly name = 'CheckError'
  readonly code: FaultCode
  readonly details: Details | undefined

  /**
   * @param code what kind of fault it is
   * @param message private: what happened, in words; scrubbed where it is logged and in the details
   * @param options.cause what the driver threw, as it is: each notifier scrubs what it sends of it
   * @param options.details private facts for a caller with the token; scrubbed
   */
  constructor(code: FaultCode, message: string, options: { cause?: unknown; details?: Details } = {}) {
    super(message, options.cause === undefined ? {} : { cause: options.cause })
    this.code = code
    this.details = options.details
  }
}

/**
 * Also one that another copy of this package made: `edge-health check --entry` and the application whose checks it runs need
 * not have the same copy, and for `instanceof` the two classes differ.
 */
export const isCheckError = (thrown: unknown): thrown is CheckError =>
  thrown instanceof CheckError ||
  (thrown instanceof Error &&
    thrown.name === 'CheckError' &&
    faultCodes.some((code) => code === errorCode(thrown)))

/** The public sentence for a fault of the named check, the same for every driver text behind it. */
export function faultSentence(checker: string, code: FaultCode): string {
  return `${checker} ${sentences[code]}`
}
