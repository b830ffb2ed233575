import { askWithin } from './ask-within.ts'
import {
  type Check,
  type CheckContext,
  type FaultCode,
  faultSentence,
  type Outcome,
  type Result,
  type Status,
} from './check.ts'
import type { Clock } from './clock.ts'
import { toFault, toOutcome } from './outcome.ts'

export interface RunOptions {
  readonly clock: Clock
  /** Milliseconds that a check may take; one with a timeout of its own may take less, never more. */
  readonly timeoutMs: number
  /**
   * Milliseconds left for all of them; it cuts every timeout. A check that it gave less than its time and that did
   * not answer has proven nothing but for this run ({@link Result.isCutShort}), so it should be above `timeoutMs`.
   */
  readonly deadlineMs: number
  /** A check that passes but takes more milliseconds than this warns. */
  readonly slowMs: number
  /** Milliseconds for which a result of this check may be repeated. */
  readonly ttlMs: (checker: string, status: Status) => number
  /** Called for each result the moment it is known. Must not throw. */
  readonly onResult?: (result: Result) => void
  /** The last result of a check that is not part of this run, unless it has expired. */
  readonly known?: (checker: string) => Result | undefined
}

interface TimedOutcome {
  readonly outcome: Outcome
  /** Epoch ms at which it was known. */
  readonly timestamp: number
  readonly responseTime: number
  /** It ended by a deadline that left it less than its time. */
  readonly isCutShort: boolean
  readonly cause?: unknown
}

/**
 * Asks all checks at once and answers within the deadline, whatever they do. This is the only place that catches:
 * a check that throws anything at all, never settles, or returns nonsense becomes a failed result.
 */
export async function run(checks: readonly Check[], options: RunOptions): Promise<Result[]> {
  const answers = new Map<string, Promise<TimedOutcome>>()
  // Asked while a check runs, which is when all of them have begun.
  const outcomeOf = async (name: string) => (await answers.get(name))?.outcome ?? options.known?.(name)
  const asked = checks.map((check) => ({ check, answering: ask(check, options, outcomeOf) }))
  for (const { check, answering } of asked) answers.set(check.name, answering)
  return Promise.all(
    asked.map(async ({ check, answering }) => {
      const answer = await answering
      const result = toResult(
        check,
        answer,
        await primaryFault(check, answer, answers, options.known),
        options,
      )
      options.onResult?.(result)
      return result
    }),
  )
}

async function ask(
  check: Check,
  { clock, timeoutMs, deadlineMs, slowMs }: RunOptions,
  outcomeOf: NonNullable<CheckContext['outcomeOf']>,
): Promise<TimedOutcome> {
  const fullMs = Math.min(check.timeoutMs ?? timeoutMs, timeoutMs)
  const limitMs = Math.max(0, Math.min(fullMs, deadlineMs))
  const start = clock.monotonic()
  const known = (outcome: Outcome): TimedOutcome => ({
    outcome,
    timestamp: clock.now(),
    responseTime: clock.monotonic() - start,
    isCutShort: outcome.code === 'timeout' && limitMs < fullMs,
  })
  try {
    // Also after an answer its I/O is aborted: what the check may have left under way ends with it.
    const returned = await askWithin(clock, limitMs, (signal) =>
      Promise.resolve().then(() => check.run({ signal, timeoutMs: limitMs, outcomeOf })),
    )
    const answer = known(toOutcome(check.name, returned))
    return answer.responseTime > slowMs ? { ...answer, outcome: slow(check, answer.outcome) } : answer
  } catch (thrown) {
    const { outcome, cause } = toFault(check.name, thrown)
    return { ...known(outcome), cause }
  }
}

/** What the other check found, where a fault repeats it. A check that passes does not wait for it. */
interface PrimaryFault {
  /** The code that the dependent check takes over; undefined where it has the same. */
  readonly code: FaultCode | undefined
  readonly isCutShort: boolean
}

async function primaryFault(
  { dependsOn }: Check,
  { outcome }: TimedOutcome,
  answers: ReadonlyMap<string, Promise<TimedOutcome>>,
  known: RunOptions['known'],
): Promise<PrimaryFault | undefined> {
  if (outcome.status !== 'fail' || dependsOn === undefined) return undefined
  const asked = await answers.get(dependsOn)
  const primary = asked?.outcome ?? known?.(dependsOn)
  if (primary?.status !== 'fail') return undefined
  const isCutShort = asked?.isCutShort ?? false
  if (outcome.code === primary.code) return { code: undefined, isCutShort }
  const code = cannotAsk.find((each) => each === primary.code)
  return code && cannotAsk.some((each) => each === outcome.code) ? { code, isCutShort } : undefined
}

function toResult(
  check: Check,
  answer: TimedOutcome,
  repeated: PrimaryFault | undefined,
  options: RunOptions,
): Result {
  const { timestamp, responseTime, cause } = answer
  const code = repeated?.code
  const outcome = code ? { ...answer.outcome, code, output: faultSentence(check.name, code) } : answer.outcome
  const { isCutShort } = repeated ?? answer
  return {
    ...outcome,
    checker: check.name,
    timestamp,
    expires: timestamp + (isCutShort ? 0 : options.ttlMs(check.name, outcome.status)),
    responseTime,
    ...(cause === undefined ? {} : { cause }),
    ...(repeated && check.dependsOn !== undefined ? { causedBy: check.dependsOn } : {}),
    ...(isCutShort ? { isCutShort } : {}),
  }
}

/** The faults of a server that cannot be asked, not of one that answered badly. */
const cannotAsk: readonly FaultCode[] = [
  'quota_exceeded',
  'unauthorized',
  'timeout',
  'unreachable',
  'wrong_answer',
]

function slow(check: Check, outcome: Outcome): Outcome {
  if (outcome.status !== 'pass') return outcome
  return { ...outcome, status: 'warn', code: 'slow', output: `${check.name} answers slowly` }
}
