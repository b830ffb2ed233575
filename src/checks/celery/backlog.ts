import { type Naming, type PriorityNaming, queueLists } from './keys.ts'
import { lengths, type ScriptRunner } from './scripts.ts'

/** Waiting messages by queue, over all its priorities. */
export type Backlog = Readonly<Record<string, number>>

/** Counts what waits in the queues: one round trip, 1 billed command, and for each queue 1 for each priority step. */
export async function countBacklog(
  redis: ScriptRunner,
  naming: Naming & PriorityNaming,
  queues: readonly string[],
): Promise<Backlog> {
  if (queues.length === 0) return {}
  const lists = queues.map((queue) => queueLists(naming, queue))
  const counts = await lengths(redis, lists.flat())
  const perQueue = counts.length / queues.length
  return Object.fromEntries(
    queues.map((queue, index) => [
      queue,
      counts.slice(index * perQueue, (index + 1) * perQueue).reduce((sum, count) => sum + count, 0),
    ]),
  )
}
