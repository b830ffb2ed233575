import type { Result } from '../check.ts'
import type { Clock } from '../clock.ts'
import type { Slots } from './slots.ts'

/** Between two looks of a follower, in ms. */
const minPollMs = 2
const maxPollMs = 100

/**
 * Waits for runs of other requests, and runs itself, once for all of them, what has no living owner.
 *
 * @param followed the checks, with the number of runs that had settled each when this request came
 * @param leftMs what is left until the deadline
 * @param run runs these checks for this request
 * @returns what was found until the deadline, by check
 */
export async function followRuns(
  followed: ReadonlyMap<string, number>,
  leftMs: () => number,
  run: (names: readonly string[]) => Promise<ReadonlyMap<string, Result>>,
  { slots, clock }: { slots: Slots; clock: Clock },
): Promise<ReadonlyMap<string, Result>> {
  const found = new Map<string, Result>()
  const since = clock.monotonic()
  for (;;) {
    for (const [name, runs] of followed) {
      const { result, runs: settled } = slots.of(name)
      if (result && settled > runs) found.set(name, result)
    }
    const left = [...followed.keys()].filter((name) => !found.has(name))
    if (left.length === 0) return found
    const restMs = leftMs()
    if (restMs <= 0) return found
    const ownerless = left.filter((name) => !slots.isLeased(name))
    if (ownerless.length > 0) for (const [name, result] of await run(ownerless)) found.set(name, result)
    else await clock.sleep(Math.min(pauseAfter(clock.monotonic() - since), restMs))
  }
}

/** The longer a request has waited, the less a little more matters: a quarter of that, so that it stays a few looks. */
const pauseAfter = (waitedMs: number): number =>
  Math.min(maxPollMs, Math.max(minPollMs, Math.trunc(waitedMs / 4)))
