import type { Check, Details, Result } from './check.ts'
import { isRecord } from './is-record.ts'
import { type RunOptions, run } from './run.ts'

/** Runs the checks; what it returns and passes to `onResult` is scrubbed, but for the causes. */
export type ScrubbedRun = (
  checks: readonly Check[],
  options: Pick<RunOptions, 'deadlineMs' | 'onResult' | 'known'>,
) => Promise<Result[]>

type ScrubDetails = (details: Details) => unknown

/** @param scrub removes the secrets from the details of one result */
export function createScrubbedRun(
  common: Omit<RunOptions, 'deadlineMs' | 'onResult' | 'known'>,
  scrub: ScrubDetails,
): ScrubbedRun {
  return async (checks, { onResult, ...options }) => {
    const scrubbed = new Map<string, Result>()
    await run(checks, {
      ...common,
      ...options,
      onResult(result) {
        const clean = withScrubbedDetails(result, scrub)
        scrubbed.set(clean.checker, clean)
        onResult?.(clean)
      },
    })
    return checks.flatMap(({ name }) => scrubbed.get(name) ?? [])
  }
}

function withScrubbedDetails(result: Result, scrub: ScrubDetails): Result {
  if (result.details === undefined) return result
  const details = scrub(result.details)
  // A check without types may have put anything there; the answer promises an object.
  return { ...result, details: isRecord(details) ? details : { value: details } }
}
