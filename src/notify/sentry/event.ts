import { CheckError, type Details, type Result } from '../../core/check.ts'
import type { Identity } from '../../core/report.ts'
import { thrownText } from '../../core/thrown-text.ts'
import { excerptOf } from '../excerpt.ts'

/** What Sentry gets of one fault. Nothing in it is scrubbed: the transport does that to the whole envelope. */
export interface SentryEvent {
  readonly error: Error
  /** One issue for each check and code, however the texts of the drivers differ. */
  readonly fingerprint: readonly ['health', checker: string, code: string]
  readonly tags: Readonly<Record<string, string>>
  readonly contexts: Readonly<Record<string, Record<string, unknown>>>
}

/** A failed check; what the driver threw is its cause. */
class CheckFailed extends Error {
  override readonly name = 'CheckFailed'
  // Where it is made says nothing; the cause has the stack that matters.
  override readonly stack = ''
}

/** Longer details, in characters of JSON, are left out: an event has a limit. */
const maxDetailsLength = 16_000

/** A warning is for people who look, and a fault that repeats another check's is reported by that one. */
export function isReported({ status, causedBy }: Result): boolean {
  return status === 'fail' && causedBy === undefined
}

export function eventOf(result: Result, identity: Identity): SentryEvent {
  const { checker, code, output, cause, details, responseTime } = result
  const isBug = code === 'error' && cause instanceof Error && !(cause instanceof CheckError)
  return {
    ...about(checker, code, identity, isBug),
    error: isBug ? cause : new CheckFailed(output, cause === undefined ? {} : { cause }),
    contexts: { result: { response_time: responseTime / 1000, ...excerptOf(result) }, ...bounded(details) },
  }
}

/** What went wrong in the function itself, outside of any check. */
export function bugEvent(error: unknown, identity: Identity): SentryEvent {
  const thrown = error instanceof Error ? error : new Error(`thrown: ${thrownText(error)}`)
  return { ...about('function', 'error', identity, true), error: thrown, contexts: {} }
}

function about(checker: string, code: string, { hostname, release }: Identity, isBug: boolean) {
  return {
    fingerprint: ['health', checker, code] as const,
    tags: {
      checker,
      code,
      hostname,
      ...(release === undefined ? {} : { release }),
      ...(isBug ? { bug: 'true' } : {}),
    },
  }
}

/** Without `findings`: a definition may hold the application's data, and their names are in the excerpt. */
function bounded({ findings, ...details }: Details = {}) {
  if (Object.keys(details).length === 0) return {}
  const length = JSON.stringify(details).length
  return { details: length <= maxDetailsLength ? { ...details } : { left_out: `${length} characters` } }
}
