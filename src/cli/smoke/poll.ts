import { advance, conclude, isSettled, type Progress, start } from './progress.ts'
import { type Expectation, judge, type Observation, type Verdict } from './verdict.ts'

/** Times in milliseconds. */
export interface PollOptions extends Expectation {
  readonly timeoutMs: number
  readonly intervalMs: number
  readonly consecutive: number
}

/** The world, so that a test can bring its own. */
interface PollWorld {
  readonly now: () => number
  readonly sleep: (ms: number) => Promise<void>
  /** Asks once; must return within `timeoutMs`. */
  readonly attempt: (timeoutMs: number) => Promise<Observation>
  /** Called for every attempt as it ends. */
  readonly onAttempt: (attempt: Attempt) => void
}

export interface Attempt {
  /** From 1. */
  readonly number: number
  /** Milliseconds since the start, when the attempt ended. */
  readonly at: number
  readonly verdict: Verdict
  readonly progress: Progress
}

/** What is kept of an attempt; its answer may be large, and there may be many. */
type PastAttempt = Pick<Attempt, 'number' | 'at'> & Pick<Verdict, 'kind' | 'reason'>

export interface PollOutcome {
  readonly verdict: Verdict
  readonly attempts: readonly PastAttempt[]
  readonly durationMs: number
}

/** What an attempt may take at most: more than any endpoint's deadline, less than a monitor would wait. */
const attemptTimeoutMs = 10_000

/** An attempt with less time than this would be cut off, and its end would say nothing about the deployment. */
const shortestAttemptMs = 1000

/** Asks until the sequence of verdicts is settled or the time is up. At least one attempt is made. */
export async function poll(options: PollOptions, world: PollWorld): Promise<PollOutcome> {
  const began = world.now()
  const remaining = () => began + options.timeoutMs - world.now()
  const attempts: PastAttempt[] = []
  let progress = start
  for (;;) {
    const observation = await world.attempt(Math.min(attemptTimeoutMs, remaining()))
    const verdict = judge(observation, options)
    const when = { number: attempts.length + 1, at: world.now() - began }
    progress = advance(progress, verdict, when.at)
    attempts.push({ ...when, kind: verdict.kind, reason: verdict.reason })
    world.onAttempt({ ...when, verdict, progress })
    if (isSettled(progress, options.consecutive, when.at)) break
    // Waiting for an attempt that has no time left would only make the bad news late.
    if (remaining() - options.intervalMs < Math.min(shortestAttemptMs, options.timeoutMs / 4)) break
    await world.sleep(options.intervalMs)
  }
  return { verdict: conclude(progress, options.consecutive), attempts, durationMs: world.now() - began }
}
