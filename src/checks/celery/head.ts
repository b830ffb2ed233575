/**
 * Which message is the next of a queue (pure).
 * @module
 */

/** A message, as the properties at the end of its envelope have it (`prepare_message` in `kombu/transport/virtual/base.py`). */
interface Head {
  /** Unique to each time that a message was sent: a retried task has its id again, and another tag. */
  readonly tag: string
  /** The task's id. */
  readonly task: string
}

/**
 * The message in the end of its envelope. Undefined where it cannot be recognised at another time: kombu puts a
 * message that was taken and given back where it was or at the other end, changed in nothing but the mark `redelivered`
 * (`_do_restore_message` in `kombu/transport/redis.py`). So one that has the mark may have been taken meanwhile.
 *
 * @param end the last characters of a message as it lies in Redis
 * @example
 * parseHead('{"correlation_id": "4f2a", "delivery_tag": "91c0"}}') // { task: '4f2a', tag: '91c0' }
 */
export function parseHead(end: string): Head | undefined {
  if (/"redelivered": ?true/.test(end)) return undefined
  const tag = /"delivery_tag": ?"([^"\\]{1,200})"/.exec(end)?.[1]
  const task = /"correlation_id": ?"([^"\\]{1,200})"/.exec(end)?.[1]
  return tag === undefined || task === undefined ? undefined : { tag, task }
}
