import {
  type Check,
  Failure,
  type FaultCode,
  faultSentence,
  type Outcome,
  type Result,
  type Status,
} from './check.ts'
import type { Clock } from './clock.ts'

export interface RunOptions {
  readonly clock: Clock
  /** Milliseconds a check may take when it has no timeout of its own. */
  readonly timeoutMs: number
  /** Milliseconds left for all of them; it cuts every timeout. */
  readonly deadlineMs: number
  /** A check that passes but takes more milliseconds than this warns. */
  readonly slowMs: number
  /** Milliseconds for which a result of this check may be repeated. */
  readonly ttlMs: (checker: string, status: Status) => number
  /** Told of each result the moment it is known. Must not throw. */
  readonly onResult?: (result: Result) => void
}

interface Answer {
  readonly outcome: Outcome
  readonly responseTime: number
  /** Milliseconds that it was given. */
  readonly limitMs: number
  readonly cause?: unknown
}

/**
 * Asks all checks at once and answers within the deadline, whatever they do. This is the only place that catches:
 * a check that throws anything at all, never settles, or returns nonsense becomes a failed result.
 */
export async function run(checks: readonly Check[], options: RunOptions): Promise<Result[]> {
  const answers = new Map(checks.map((check) => [check.name, ask(check, options)]))
  return Promise.all(
    checks.map(async (check) => {
      const answer = await (answers.get(check.name) as Promise<Answer>)
      const primary = check.dependsOn === undefined ? undefined : await answers.get(check.dependsOn)
      const result = toResult(check, answer, primary, options)
      options.onResult?.(result)
      return result
    }),
  )
}

async function ask(check: Check, { clock, timeoutMs, deadlineMs, slowMs }: RunOptions): Promise<Answer> {
  const limitMs = Math.max(0, Math.min(check.timeoutMs ?? timeoutMs, deadlineMs))
  const start = clock.monotonic()
  const io = new AbortController()
  const timer = new AbortController()
  const expiry = clock.sleep(limitMs, timer.signal).then((): never => {
    throw new Failure('timeout', `no answer within ${Math.round(limitMs)} ms`)
  })
  try {
    const question = Promise.resolve().then(() => check.run({ signal: io.signal, timeoutMs: limitMs }))
    const outcome = wellFormed(await Promise.race([question, expiry]))
    const responseTime = clock.monotonic() - start
    return { outcome: responseTime > slowMs ? slow(check, outcome) : outcome, responseTime, limitMs }
  } catch (thrown) {
    const cause = legible(thrown)
    return { outcome: faulty(check, cause), responseTime: clock.monotonic() - start, limitMs, cause }
  } finally {
    timer.abort()
    expiry.catch(() => {})
    // Also after an answer: what the check may have left under way ends with it.
    io.abort()
  }
}

function toResult(check: Check, answer: Answer, primary: Answer | undefined, options: RunOptions): Result {
  const repeated = primary && repeatsFault(answer.outcome, primary.outcome)
  const outcome = repeated
    ? withCode(check, answer.outcome, primary.outcome.code as FaultCode)
    : answer.outcome
  const timestamp = options.clock.now()
  // What was given less than its time has proven nothing for anybody else.
  const isCutShort = outcome.code === 'timeout' && answer.limitMs < (check.timeoutMs ?? options.timeoutMs)
  return {
    ...outcome,
    checker: check.name,
    timestamp,
    expires: timestamp + (isCutShort ? 0 : options.ttlMs(check.name, outcome.status)),
    responseTime: answer.responseTime,
    ...(answer.cause === undefined ? {} : { cause: answer.cause }),
    ...(repeated && check.dependsOn !== undefined ? { causedBy: check.dependsOn } : {}),
  }
}

/** The faults of a server that cannot be asked, as against a question that it answered badly. */
const cannotAsk: ReadonlySet<string> = new Set([
  'quota_exceeded',
  'unauthorized',
  'timeout',
  'unreachable',
  'wrong_answer',
])

function repeatsFault(own: Outcome, primary: Outcome): boolean {
  if (own.status !== 'fail' || primary.status !== 'fail') return false
  return own.code === primary.code || (cannotAsk.has(own.code) && cannotAsk.has(primary.code))
}

function withCode(check: Check, outcome: Outcome, code: FaultCode): Outcome {
  return code === outcome.code ? outcome : { ...outcome, code, output: faultSentence(check.name, code) }
}

function slow(check: Check, outcome: Outcome): Outcome {
  if (outcome.status !== 'pass') return outcome
  return { ...outcome, status: 'warn', code: 'slow', output: `${check.name} answers slowly` }
}

/** What was thrown; in the place of what cannot even be looked at (a revoked proxy, a getter that throws), an Error. */
function legible(thrown: unknown): unknown {
  try {
    if (!(thrown instanceof Error) || typeof thrown.message === 'string') return thrown
  } catch {}
  return new Error('the check threw something that cannot be read')
}

function faulty(check: Check, error: unknown): Outcome {
  const code = error instanceof Failure ? error.code : 'error'
  const reason = error instanceof Error ? error.message : typeof error
  const details = { reason, ...(error instanceof Failure ? error.details : {}) }
  return { status: 'fail', code, output: faultSentence(check.name, code), details }
}

const statuses: readonly unknown[] = ['pass', 'warn', 'fail'] satisfies Status[]

/** The longest output in characters: every result has to fit into the part of a body that monitors read. */
const maxOutputLength = 200

/** A check may come from outside the house, so what it returned is not believed to be an outcome. */
function wellFormed(outcome: Outcome): Outcome {
  const { status, code, output, details } = (outcome ?? {}) as Partial<Outcome>
  if (!status || !statuses.includes(status) || typeof code !== 'string' || typeof output !== 'string') {
    throw new Failure('error', 'the check returned something that is not an outcome')
  }
  // A copy: whatever else is in it, or throws when it is read, is nobody's concern after this.
  return { status, code, output: output.slice(0, maxOutputLength), ...(details ? { details } : {}) }
}
