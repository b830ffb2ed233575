import { type Naming, queueLists } from './keys.ts'
import { lengths, type ScriptRunner } from './scripts.ts'

/** Waiting messages by queue, over all its priorities. */
export type Backlog = Readonly<Record<string, number>>

/** Counts what waits in the queues: one round trip, 1 billed command and 4 for each queue. */
export async function countBacklog(
  redis: ScriptRunner,
  naming: Naming,
  queues: readonly string[],
  separator?: string,
): Promise<Backlog> {
  if (queues.length === 0) return {}
  const lists = queues.map((queue) => queueLists(naming, queue, separator))
  const counts = await lengths(redis, lists.flat())
  const perQueue = counts.length / queues.length
  return Object.fromEntries(
    queues.map((queue, index) => [
      queue,
      counts.slice(index * perQueue, (index + 1) * perQueue).reduce((sum, count) => sum + count, 0),
    ]),
  )
}
