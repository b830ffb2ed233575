import type { Check, Result } from '../../src/core/check.ts'
import { systemClock } from '../../src/core/clock.ts'
import { run } from '../../src/core/run.ts'
import { asAnswered } from './as-answered.ts'

/** Runs one check as the function does, within the longest time that it permits unless another is named. */
export async function ask(check: Check, timeoutMs = 24_000): Promise<Result> {
  const [result] = await run([check], {
    clock: systemClock,
    timeoutMs,
    deadlineMs: timeoutMs,
    slowMs: 60_000,
    ttlMs: () => 0,
  })
  if (!result) throw new Error('a run gives one result for each check')
  return asAnswered(result)
}
