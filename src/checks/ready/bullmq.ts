import type { OpenRedis } from '../../clients/interfaces.ts'
import type { Check, Code, Outcome, Status } from '../../core/check.ts'
import { systemClock } from '../../core/clock.ts'
import { type QueueState, readQueue } from './bullmq-queue.ts'

/**
 * Which queue of BullMQ is looked at, and what of it warns.
 * @example
 * const options: BullmqCheckOptions = { name: 'mails', queue: 'mails', redis: redisOverRest({ url: '', token: '' }) }
 */
export interface BullmqCheckOptions {
  /** The `checker` of the result: a lower-case word that no other check has. */
  readonly name: string
  /** The name of the queue in BullMQ. */
  readonly queue: string
  /** Opens a client of the Redis that BullMQ uses; of it only `eval` is called. */
  readonly redis: OpenRedis<'eval'>
  /** As in BullMQ. [bull] */
  readonly prefix?: string
  /** More waiting jobs than this warn. [any number] */
  readonly maxWaiting?: number
  /** A waiting job that was added longer ago than this warns, in seconds. A job's delay counts. [any age] */
  readonly maxAgeSeconds?: number
}

/** Between two looks for a worker, in ms: its key expires a moment before it is set again. */
const secondLookMs = 300

/**
 * Does somebody work on a queue of BullMQ, and how full is it? A worker sets a key every 30 seconds, when it looks for stalled jobs, and
 * holds the lock of its job (`moveStalledJobsToWait` of BullMQ 5 and 6). With neither it fails with `no_workers`. Warns with
 * `stalled_jobs` and `backlog`. Costs one EVAL that only reads, and a second one before it fails.
 *
 * @example
 * const check = (redis: BullmqCheckOptions['redis']) => bullmqCheck({ name: 'mails', queue: 'mails', redis })
 */
export function bullmqCheck(options: BullmqCheckOptions): Check {
  const { name, queue, redis, prefix = 'bull' } = options
  return {
    name,
    async run({ signal }) {
      const look = () => readQueue(redis(signal), `${prefix}:${queue}:`)
      const first = await look()
      if (!first.isAlive) await systemClock.sleep(secondLookMs, signal)
      return toOutcome(options, first.isAlive ? first : await look())
    },
  }
}

function toOutcome(options: BullmqCheckOptions, { isAlive, details }: QueueState): Outcome {
  const { name, maxWaiting, maxAgeSeconds } = options
  const { waiting, stalled, oldest_seconds: age } = details
  const bad = (status: Status, code: Code, what: string) => ({
    status,
    code,
    output: `${name} has ${what}`,
    details,
  })
  if (!isAlive) return bad('fail', 'no_workers', 'no workers')
  if (stalled > 0) return bad('warn', 'stalled_jobs', 'stalled jobs')
  if (waiting > (maxWaiting ?? waiting) || age > (maxAgeSeconds ?? age))
    return bad('warn', 'backlog', 'a backlog')
  return { status: 'pass', code: 'ok', output: `${name} ok`, details }
}
