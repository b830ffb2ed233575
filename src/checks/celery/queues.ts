import * as v from 'valibot'
import { type Naming, type PriorityNaming, queueLists } from './keys.ts'
import { expectShape, type ScriptRunner } from './scripts.ts'

/** Waiting messages by queue, over all its priorities. */
export type Backlog = Readonly<Record<string, number>>

/** By queue, the end of the message that is consumed next; empty for a queue where none waits. */
export type Heads = ReadonlyMap<string, string>

/** Queues whose heads are read and remembered, at most. */
const maxWatchedQueues = 100

/** The properties of a message are at its end, behind a body that may be of any size. */
const endChars = 1000
/** In the place of a head that this user may not read. No message ends so. */
const refused = 'refused'

/**
 * Kombu puts to the left and takes from the right (`Channel._put`, `Channel._brpop_start`), from the list of the first
 * priority step before all others. So what is last in that list is the next message of the queue, for every worker.
 *
 * One text for all lengths because Lua unpacks 8,000 values at most. `pcall` because a user who may count need not be one
 * who may read.
 *
 * Billed: 1 command, 1 for each counted list, and 1 for each head, but for a list that was counted and is empty.
 */
const queuesScript = `
local steps, isCounted, heads = tonumber(ARGV[1]), ARGV[2] == 'count', tonumber(ARGV[3])
local sums, ends = {}, {}
for i = 1, #KEYS, steps do
  local sum, first = 0, 1
  if isCounted then
    first = redis.call('LLEN', KEYS[i])
    sum = first
    for j = i + 1, i + steps - 1 do sum = sum + redis.call('LLEN', KEYS[j]) end
  end
  sums[#sums + 1] = sum
  if #ends < heads then
    local head = first > 0 and redis.pcall('LINDEX', KEYS[i], -1)
    if type(head) == 'string' then ends[#ends + 1] = string.sub(head, -${endChars})
    elseif type(head) == 'table' then ends[#ends + 1] = '${refused}'
    else ends[#ends + 1] = '' end
  end
end
return {table.concat(sums, ' '), unpack(ends)}`

export interface QueueLook {
  /** Absent when it was not asked for. */
  readonly backlog?: Backlog
  /** Absent when this user may not read them. */
  readonly heads?: Heads
}

/**
 * Looks at what waits in the queues. One round trip; 1 billed command, and for each queue 1 for its head, and 1 for each
 * priority step when it is counted.
 *
 * @param isCounted whether the lengths are wanted; without them only the first list of each queue is touched
 * @example
 * const { backlog } = await lookAtQueues(redis, naming, ['celery'], true)
 */
export async function lookAtQueues(
  redis: ScriptRunner,
  naming: Pick<Naming, 'keyPrefix'> & PriorityNaming,
  queues: readonly string[],
  isCounted: boolean,
): Promise<QueueLook> {
  if (queues.length === 0) return { heads: new Map(), ...(isCounted && { backlog: {} }) }
  const watched = isCounted ? queues : queues.slice(0, maxWatchedQueues)
  const lists = watched.map((queue) => queueLists(naming, queue).slice(0, isCounted ? undefined : 1))
  const reply: unknown = await redis.eval(queuesScript, lists.flat(), [
    ...[String(lists[0]?.length), isCounted ? 'count' : '', String(maxWatchedQueues)],
  ])
  const [sums = '', ...ends] = expectShape(v.pipe(v.array(v.string()), v.minLength(1)), reply)
  const counts = sums.split(' ').map(Number)
  return {
    ...(isCounted && { backlog: Object.fromEntries(watched.map((queue, at) => [queue, counts[at] ?? 0])) }),
    ...(!ends.includes(refused) && { heads: new Map(ends.map((end, at) => [watched[at] ?? '', end])) }),
  }
}
