/**
 * Where things lie in a Redis that serves Celery as its broker (pure). Names are those of kombu's Redis transport,
 * `kombu/transport/redis.py`, and of its mailbox, `kombu/pidbox.py`.
 * @module
 */

/** How Celery's installation names things. */
export interface Naming {
  /** `global_keyprefix`: before every key and channel. */
  readonly keyPrefix: string
  /** `control_exchange`: `celery` in `celery.pidbox`. */
  readonly controlExchange: string
  /** The number of the broker's database, 0 where absent. It has the keys; channels are shared by all databases. */
  readonly database?: number
}

/** Kombu's default `sep`: between routing key, pattern and queue in a binding, and between a queue and its priority. */
export const defaultSeparator = '\x06\x16'

/** Kombu's default `priority_steps`: each step above 0 is a list of its own. */
const defaultPrioritySteps = [0, 3, 6, 9]

/** The largest step that is looked for where the steps are not known, and have no 0 (kombu's priorities end at 9). */
const maxUnknownStep = 10

/** How the lists of a queue's priorities are named; kombu's defaults where absent. */
export interface PriorityNaming {
  readonly separator?: string
  readonly prioritySteps?: readonly number[]
}

/**
 * The shared reply exchange's bindings cannot expire and a leftover breaks `celery inspect` (kombu #1087), so answers
 * go through exchanges of our own. A worker remembers every exchange it has answered to, so there are three, by time:
 * each is used for 30 s and rests for 60, in which its bindings (45 s) expire.
 */
const exchangeSlots = 3
const slotMs = 30_000
export const bindingSeconds = 45

/**
 * A reply list must outlive its binding, or a late answer would make a list that never expires. A binding lives at
 * most a slot and its own 45 s, 75 s in all; the rest is for clocks that differ.
 */
export const replyListSeconds = 100

/** Workers PSUBSCRIBE to this one. It has the number of their database, which is always 0 on Upstash. */
export function controlChannel({ keyPrefix, controlExchange, database = 0 }: Naming): string {
  return `${keyPrefix}/${database}.${controlExchange}.pidbox`
}

/**
 * Patterns of the keys that the check itself writes. Workers write to the first and read the second, and their Redis
 * user may be limited to Celery's own keys, so both lie within what Celery itself uses: `*.reply.celery.pidbox` is a reply
 * queue (`Mailbox.get_reply_queue`), `_kombu.binding.*.reply.celery.pidbox` the set of bindings of a reply exchange
 * (`Channel.keyprefix_queue`). The first begins with `celery` because many rules have `~celery*` and nothing for reply queues.
 */
export function ownKeys(naming: ReplyNaming): string[] {
  const { replyList } = listsOfReplies(naming, replyQueue(naming, '*'))
  return [replyList, `${naming.keyPrefix}_kombu.binding.edge-health.*`]
}

/** Where the answers to one inspection go. */
export interface ReplyRoute {
  readonly exchange: string
  readonly routingKey: string
  /** What the routing key leads to: the third part of a binding. */
  readonly queue: string
  readonly bindingSet: string
  readonly replyList: string
  /** Where workers with other priority steps than expected put their answers, without an expiry. */
  readonly otherLists: readonly string[]
}

type ReplyNaming = Naming & PriorityNaming

/**
 * A worker splits every binding of a set by its own separator, so each separator has sets of its own: one that was
 * changed a moment ago has left its bindings in the others.
 *
 * @param id unique to this inspection
 * @param now epoch milliseconds
 * @param naming with the separator by which the binding will be made
 */
export function replyRoute(naming: ReplyNaming, id: string, now: number): ReplyRoute {
  const { keyPrefix, controlExchange, separator = defaultSeparator } = naming
  const code = separator === defaultSeparator ? '' : `.${hexOf(separator)}`
  const slot = Math.floor(now / slotMs) % exchangeSlots
  const exchange = `edge-health.${slot}${code}.reply.${controlExchange}.pidbox`
  const queue = replyQueue(naming, id)
  return {
    exchange,
    routingKey: id,
    queue,
    bindingSet: `${keyPrefix}_kombu.binding.${exchange}`,
    ...listsOfReplies(naming, queue),
  }
}

/** Where answers go that need no binding: kombu pushes a message to the exchange `''` to the queue that it names. */
export type DirectRoute = Omit<ReplyRoute, 'queue' | 'bindingSet'>

/**
 * Without a binding, a worker that answers after the list has expired makes it anew, and without an expiry. So these
 * lists have few names, and the next inspection that uses a name gives it its expiry again.
 */
const directSlots = 20

/** @param now epoch milliseconds */
export function directRoute(naming: ReplyNaming, now: number): DirectRoute {
  const queue = replyQueue(naming, String(Math.floor(now / slotMs) % directSlots))
  return { exchange: '', routingKey: queue, ...listsOfReplies(naming, queue) }
}

/** Answers have the priority 0, which kombu puts to the last step where the first one is above it. */
function listsOfReplies(naming: ReplyNaming, queue: string): Pick<ReplyRoute, 'replyList' | 'otherLists'> {
  const listOf = (step: number | undefined) => listOfStep(naming, queue, step)
  const replyList = listOf(stepOf(0, naming.prioritySteps ?? defaultPrioritySteps))
  const possible = Array.from({ length: maxUnknownStep + 1 }, (_, step) => listOf(step))
  return { replyList, otherLists: possible.filter((list) => list !== replyList) }
}

function hexOf(text: string): string {
  return [...new TextEncoder().encode(text)].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}

function replyQueue({ controlExchange }: Naming, id: string): string {
  return `celery.edge-health.${id}.reply.${controlExchange}.pidbox`
}

/** The set of workers that started and did not stop cleanly. A killed worker stays in it. */
export function registrySet({ keyPrefix, controlExchange }: Naming): string {
  return `${keyPrefix}_kombu.binding.${controlExchange}.pidbox`
}

/** How the members of {@link registrySet} end; before it is the node name. */
export function registrySuffix({ controlExchange }: Naming): string {
  return `.${controlExchange}.pidbox`
}

/** A longer separator is not learned: no installation is known to have one. */
const maxSeparatorBytes = 16

/**
 * Node names from the members of {@link registrySet}, which begin with the separator twice, after an empty routing key
 * and an empty pattern: `\x06\x16\x06\x16w1@vm.celery.pidbox` -> `w1@vm`.
 *
 * @param separator as it was learned; without it each member shows its own
 */
export function registeredNames(members: readonly string[], naming: Naming, separator?: string): string[] {
  const suffix = registrySuffix(naming)
  return members
    .filter((member) => member.endsWith(suffix))
    .map((member) => member.slice(lengthOfSeparators(member, separator), -suffix.length))
    .filter((name) => name !== '')
    .sort()
}

function lengthOfSeparators(member: string, separator: string | undefined): number {
  if (separator !== undefined && member.startsWith(separator + separator)) return 2 * separator.length
  for (let size = maxSeparatorBytes; size >= 1; size--) {
    if (member.slice(0, size) === member.slice(size, 2 * size)) return 2 * size
  }
  return 0
}

/** The lists in which a queue's messages wait, one for each priority step, in the order in which workers take from them. */
export function queueLists(naming: Pick<Naming, 'keyPrefix'> & PriorityNaming, queue: string): string[] {
  const { prioritySteps = defaultPrioritySteps } = naming
  return [...new Set(prioritySteps.map((step) => listOfStep(naming, queue, stepOf(step, prioritySteps))))]
}

function listOfStep(
  { keyPrefix, separator = defaultSeparator }: Pick<Naming, 'keyPrefix'> & PriorityNaming,
  queue: string,
  step = 0,
): string {
  return `${keyPrefix}${queue}${step === 0 ? '' : separator + step}`
}

/** `steps[bisect(steps, priority) - 1]` of Python (`Channel.priority`), for steps in any order as well. */
function stepOf(priority: number, steps: readonly number[]): number | undefined {
  let [low, high] = [0, steps.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (priority < (steps[middle] ?? 0)) high = middle
    else low = middle + 1
  }
  return steps.at(low - 1)
}
