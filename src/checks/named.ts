import type { Outcome } from '../core/check.ts'

/**
 * The outcome of a check that has another name than the standard one: its sentence then says which of several it is.
 *
 * @example
 * named('jobs', 'celery', outcome).output // 'jobs: no Celery workers are subscribed'
 */
export function named(name: string, standardName: string, outcome: Outcome): Outcome {
  if (name === standardName) return outcome
  const { output } = outcome
  return { ...outcome, output: output === `${standardName} ok` ? `${name} ok` : `${name}: ${output}` }
}
