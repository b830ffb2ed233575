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
}

/** Separates routing key, pattern and queue in a binding, and a queue from its priority (`Channel.sep`). */
export const separator = '\x06\x16'

/** Kombu's default `priority_steps`: each step above 0 is a list of its own. */
const prioritySteps = [0, 3, 6, 9]

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

/** Workers PSUBSCRIBE to this one; `0` is the database number, the only one that Upstash has. */
export function controlChannel({ keyPrefix, controlExchange }: Naming): string {
  return `${keyPrefix}/0.${controlExchange}.pidbox`
}

/** Patterns of the keys that the check itself writes. */
export function ownKeys({ keyPrefix }: Naming): string[] {
  return [`${keyPrefix}edge-health:reply:*`, `${keyPrefix}_kombu.binding.edge-health:*`]
}

/** Where the answers to one inspection go. */
export interface ReplyRoute {
  readonly exchange: string
  readonly routingKey: string
  readonly bindingSet: string
  /** Routing key, pattern (none) and queue, the member of {@link bindingSet}. */
  readonly binding: string
  readonly replyList: string
}

/**
 * @param id unique to this inspection
 * @param now epoch milliseconds
 */
export function replyRoute({ keyPrefix }: Naming, id: string, now: number): ReplyRoute {
  const exchange = `edge-health:${Math.floor(now / slotMs) % exchangeSlots}`
  const queue = `edge-health:reply:${id}`
  return {
    exchange,
    routingKey: id,
    bindingSet: `${keyPrefix}_kombu.binding.${exchange}`,
    binding: [id, '', queue].join(separator),
    replyList: `${keyPrefix}${queue}`,
  }
}

/** The set of workers that started and did not stop cleanly. A killed worker stays in it. */
export function registrySet({ keyPrefix, controlExchange }: Naming): string {
  return `${keyPrefix}_kombu.binding.${controlExchange}.pidbox`
}

/** Node names from the members of {@link registrySet}: `\x06\x16\x06\x16w1@vm.celery.pidbox` -> `w1@vm`. */
export function registeredNames(members: readonly string[], { controlExchange }: Naming): string[] {
  const suffix = `.${controlExchange}.pidbox`
  return members
    .map((member) => member.slice(member.lastIndexOf(separator) + separator.length))
    .filter((queue) => queue.endsWith(suffix))
    .map((queue) => queue.slice(0, -suffix.length))
    .sort()
}

/** The lists in which a queue's messages wait, one for each priority step. */
export function queueLists({ keyPrefix }: Naming, queue: string): string[] {
  return prioritySteps.map((step) => `${keyPrefix}${queue}${step === 0 ? '' : separator + step}`)
}
