import { parseHead } from './head.ts'
import { isConsumed, type WorkerAnswer } from './messages.ts'
import type { Heads } from './queues.ts'

/** A queue whose next message no worker has taken. */
export interface StuckQueue {
  readonly queue: string
  /** Id of the task that is next. */
  readonly task: string
  /** For how long it has been the next one, as far as this isolate has seen. */
  readonly seconds: number
}

/** How long the same message has to be the next one, in ms. */
export const stuckAfterMs = 30_000

interface Seen {
  readonly end: string
  readonly consumers: Consumers
  /** When this began, in ms of the monotonic clock. */
  readonly since: number
}

/** The answers of the workers that consume a queue, by name; their clocks. */
type Consumers = ReadonlyMap<string, number>

/** Compares what is seen with what was seen before, and keeps it. */
export type StuckQueues = (
  heads: Heads,
  answers: readonly WorkerAnswer[],
  nowMs: number,
) => readonly StuckQueue[]

/**
 * Remembers the heads of the queues that it is shown, and nothing of any other queue: at most 1,000 characters of each, in
 * this isolate.
 *
 * A queue is stuck when the same message has been next for {@link stuckAfterMs}, and the same workers consumed it at both
 * looks without a restart, and no other queue of theirs moved: they may prefer that one (`queue_order_strategy`).
 *
 * @example
 * const stuckQueues = createStuckQueues()
 * const stuck = stuckQueues(heads, inspection.answers, clock.monotonic())
 */
export function createStuckQueues(): StuckQueues {
  let last: ReadonlyMap<string, Seen> = new Map()
  return (heads, answers, nowMs) => {
    const now = new Map<string, Seen>()
    for (const [queue, end] of heads) {
      const consumers = consumersOf(queue, answers)
      const before = last.get(queue)
      const isSame = before?.end === end && isSameProcesses(before.consumers, consumers)
      now.set(queue, { end, consumers, since: isSame ? before.since : nowMs })
    }
    last = now
    const isLong = ({ since }: Seen) => nowMs - since >= stuckAfterMs
    return [...now].flatMap(([queue, seen]) => {
      const head = parseHead(seen.end)
      if (!head || seen.consumers.size === 0 || !isLong(seen)) return []
      const isAlone = [...now.values()].every((other) => isLong(other) || !isShared(seen, other))
      return isAlone ? [{ queue, task: head.task, seconds: Math.round((nowMs - seen.since) / 1000) }] : []
    })
  }
}

/** Of two workers with one name the lower clock counts: while nothing shows which one answered, each look may seem a restart. */
function consumersOf(queue: string, answers: readonly WorkerAnswer[]): Consumers {
  const consumers = new Map<string, number>()
  for (const answer of answers) {
    if (!isConsumed(queue, [answer])) continue
    const { worker = '', clock = 0 } = answer
    consumers.set(worker, Math.min(clock, consumers.get(worker) ?? clock))
  }
  return consumers
}

/**
 * A clock that went back is that of a new process, which takes as many messages as the old one had. A worker that takes
 * over the clocks of others when it starts (mingle) may hide its restart.
 */
function isSameProcesses(before: Consumers, now: Consumers): boolean {
  if (before.size !== now.size) return false
  return [...now].every(([worker, clock]) => clock >= (before.get(worker) ?? Number.POSITIVE_INFINITY))
}

function isShared(one: Seen, other: Seen): boolean {
  return [...one.consumers.keys()].some((worker) => other.consumers.has(worker))
}
