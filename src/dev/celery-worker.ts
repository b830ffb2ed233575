import { randomUUID } from 'node:crypto'
import type { Redis } from 'ioredis'
import { controlChannel, defaultSeparator, type Naming, registrySet } from '../checks/celery/keys.ts'

interface StandInWorker {
  /** Unsubscribes and takes its name off the registry, as a worker that stops cleanly does. */
  close(): Promise<void>
}

interface ControlRequest {
  readonly method: string
  readonly destination?: readonly string[] | null
  readonly ticket?: string
  readonly reply_to?: { readonly exchange: string; readonly routing_key: string }
}

const nodeName = 'stand-in@localhost'

/**
 * Stands in for a Celery worker where there is none: it answers control messages as kombu does (`kombu/pidbox.py`)
 * and runs no tasks.
 *
 * @param client where the broker is; the subscription has a connection of its own
 * @param options.queues what it says it consumes, `['celery']` when absent
 * @param options.naming as in the Celery application that it stands in for
 */
export async function startStandInWorker(
  client: Redis,
  options: { readonly queues?: readonly string[]; readonly naming?: Naming } = {},
): Promise<StandInWorker> {
  const naming = options.naming ?? { keyPrefix: '', controlExchange: 'celery' }
  const registration = ['', '', `${nodeName}.${naming.controlExchange}.pidbox`].join(defaultSeparator)
  const queues = (options.queues ?? ['celery']).map((name) => ({ name }))
  // The ready check is an INFO, which a subscriber may not send: it would lose its subscription with its connection.
  const subscriber = client.duplicate({ enableReadyCheck: false })
  const underWay = new Set<Promise<void>>()
  subscriber.on('pmessage', (_pattern: string, _channel: string, payload: string) => {
    // A client that closes meanwhile gets no answer.
    const answering = answer(client, payload, queues, naming).catch(() => {})
    underWay.add(answering)
    answering.finally(() => underWay.delete(answering))
  })
  // In this order, so that a worker that is subscribed is registered.
  await client.sadd(registrySet(naming), registration)
  await subscriber.psubscribe(controlChannel(naming))
  return {
    async close() {
      await subscriber.punsubscribe()
      subscriber.disconnect()
      await Promise.all(underWay)
      await client.srem(registrySet(naming), registration)
    },
  }
}

async function answer(
  client: Redis,
  payload: string,
  queues: readonly object[],
  { keyPrefix }: Naming,
): Promise<void> {
  const request = read(payload)
  if (!request?.reply_to || !request.ticket) return
  if (request.destination && !request.destination.includes(nodeName)) return
  const { exchange, routing_key: routingKey } = request.reply_to
  const envelope = JSON.stringify({
    body: Buffer.from(JSON.stringify({ [nodeName]: replyTo(request.method, queues) })).toString('base64'),
    'content-encoding': 'utf-8',
    'content-type': 'application/json',
    headers: { ticket: request.ticket, clock: 1 },
    properties: {
      delivery_mode: 1,
      delivery_info: { exchange, routing_key: routingKey },
      priority: 0,
      body_encoding: 'base64',
      delivery_tag: randomUUID(),
    },
  })
  for (const binding of await client.smembers(`${keyPrefix}_kombu.binding.${exchange}`)) {
    const [key, , queue] = binding.split(defaultSeparator)
    if (key === routingKey && queue) await client.lpush(`${keyPrefix}${queue}`, envelope)
  }
}

function replyTo(method: string, queues: readonly object[]): unknown {
  if (method === 'ping') return { ok: 'pong' }
  if (method === 'active_queues') return queues
  return { error: `KeyError('${method}')` }
}

/** The request in a control message; undefined for anything else, such as the empty message that counts subscribers. */
function read(payload: string): ControlRequest | undefined {
  try {
    const { body, properties } = JSON.parse(payload)
    return JSON.parse(
      properties?.body_encoding === 'base64' ? Buffer.from(body, 'base64').toString('utf8') : body,
    )
  } catch {
    return undefined
  }
}
