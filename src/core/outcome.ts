import {
  CheckError,
  type FaultCode,
  faultCodes,
  faultSentence,
  isCheckError,
  type Outcome,
  type Status,
} from './check.ts'
import { isRecord } from './is-record.ts'

/** What the answer's schema says of a code. */
const wellFormedCode = /^[a-z][a-z0-9_]{0,39}$/

/** The longest output, in bytes of UTF-8: every result has to fit into the part of a body that monitors read. */
const maxOutputBytes = 200

/** Stands for an output that may not be said. */
const plainly: Readonly<Record<Status, string>> = { pass: 'ok', warn: 'warns', fail: 'fails' }

/**
 * What a check returned, as an outcome that the answer's schema allows. A check may come from the application, so
 * nothing of it is believed. Details are checked later, where they are scrubbed.
 *
 * @throws {CheckError} `error`, when it is not an outcome
 */
export function toOutcome(checker: string, returned: unknown): Outcome {
  if (typeof returned !== 'object' || returned === null) {
    throw notOutcome(`${returned === null ? 'null' : typeof returned} instead of an outcome`)
  }
  const { status, code, output, details } = returned as Partial<Outcome>
  if (typeof status !== 'string' || !Object.hasOwn(plainly, status)) {
    throw notOutcome('an outcome whose status is not pass, warn or fail')
  }
  if (typeof code !== 'string' || !wellFormedCode.test(code)) {
    throw notOutcome('an outcome whose code is not a snake_case word of at most 40 characters')
  }
  if (typeof output !== 'string') throw notOutcome('an outcome whose output is not a text')
  // A copy: what else is in it, or throws when it is read, is gone after this.
  return { status, code, output: toOutput(checker, status, output), ...(details ? { details } : {}) }
}

/** Names the field and never what is in it. */
const notOutcome = (what: string): CheckError => new CheckError('error', `the check returned ${what}`)

/** One line without the words that monitors search for: a sentence alone makes no check fail, so it is replaced. */
function toOutput(checker: string, status: Status, output: string): string {
  const line = output
    .slice(0, maxOutputBytes)
    .replaceAll(/\p{Cc}+/gu, ' ')
    .trim()
  if (line === '' || /success|failure/i.test(line)) return `${checker} ${plainly[status]}`
  // Each unit of a string has at most three bytes.
  if (3 * line.length <= maxOutputBytes) return line
  // Takes whole characters only, and says how much of the text they are.
  const { read } = new TextEncoder().encodeInto(line, new Uint8Array(maxOutputBytes))
  return line.slice(0, read)
}

/** A failed outcome, and the error behind it for the notifiers. */
interface ThrownFault {
  readonly outcome: Outcome
  readonly cause: Error
}

/** What a check threw, whatever it is. Never throws. */
export function toFault(checker: string, thrown: unknown): ThrownFault {
  try {
    return describe(checker, thrown)
  } catch {
    // A revoked proxy, or a getter that throws.
    return describe(checker, new Error('the check threw something that cannot be read'))
  }
}

function describe(checker: string, thrown: unknown): ThrownFault {
  const cause = thrown instanceof Error ? thrown : new Error(messageOf(thrown))
  if (typeof cause.message !== 'string') throw new TypeError('the message of an error is a text')
  const fault = isCheckError(cause) ? cause : undefined
  // Without its types a CheckError can be made of any code, and has no sentence for it.
  const known: FaultCode = faultCodes.find((each) => each === fault?.code) ?? 'error'
  return {
    outcome: {
      status: 'fail',
      code: known,
      output: faultSentence(checker, known),
      details: { reason: cause.message, ...fault?.details },
    },
    cause,
  }
}

/** The words in what is not an Error: a text is its own, an object may have a message. */
function messageOf(thrown: unknown): string {
  if (typeof thrown === 'string') return thrown
  const message = isRecord(thrown) ? thrown['message'] : undefined
  return typeof message === 'string' ? message : `the check threw ${thrown === null ? 'null' : typeof thrown}`
}
