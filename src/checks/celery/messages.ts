/**
 * Celery's remote control messages (pure): `kombu/pidbox.py` (`Mailbox._publish`, `Node.reply`) in the envelope of
 * `kombu/transport/virtual/base.py` (`Channel.prepare_message`), the same in Celery 5.2 and 5.6.
 * @module
 */
import * as v from 'valibot'
import type { ReplyRoute } from './keys.ts'
import { bytesOf, holdsString } from './search.ts'

/** What one worker answered. */
export interface WorkerAnswer {
  /** Node name, `celery@host`; absent when the body is not JSON (`task_serializer` pickle or yaml). */
  readonly worker?: string
  /** Queues that it consumes; empty for a worker that is alive but consumes nothing. */
  readonly queues: readonly string[]
  /** The body of an answer that is not JSON, one character for each byte: names can be searched in it. */
  readonly unreadable?: string
  /** The format of such a body: its strings lie in it as they are. */
  readonly isSearchable?: true
  /** The worker's Lamport clock, which starts anew with its process (`Node.reply` in `kombu/pidbox.py`). */
  readonly clock?: number
}

const Envelope = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({
    body: v.string(),
    'content-type': v.optional(v.string()),
    headers: v.object({ ticket: v.string(), clock: v.optional(v.unknown()) }),
    properties: v.optional(v.object({ body_encoding: v.optional(v.nullable(v.string())) })),
  }),
)

/** How kombu names its other serializers (`kombu/serialization.py`). */
const searchableFormats = ['application/x-python-serialize', 'application/x-yaml', 'application/x-msgpack']

/** `{"w1@vm": [{"name": "celery", …}]}`: one worker and what it said, a list of queues unless something is wrong with it. */
const Body = v.pipe(v.string(), v.parseJson(), v.record(v.string(), v.unknown()))
const Queues = v.fallback(v.array(v.object({ name: v.string() })), [])

/**
 * The broadcast that asks every worker for its active queues: it costs and travels as `ping` does, and says in
 * addition what the worker consumes.
 *
 * @param ticket comes back in the header of every answer
 * @param expires epoch seconds; part of the message, though workers answer late all the same
 */
export function activeQueuesRequest(
  route: Pick<ReplyRoute, 'exchange' | 'routingKey'>,
  exchange: string,
  ticket: string,
  expires: number,
): string {
  const body = {
    method: 'active_queues',
    arguments: {},
    destination: null,
    pattern: null,
    matcher: null,
    ticket,
    reply_to: { exchange: route.exchange, routing_key: route.routingKey },
  }
  return JSON.stringify({
    body: btoa(bytesOf(JSON.stringify(body))),
    'content-encoding': 'utf-8',
    'content-type': 'application/json',
    // A Lamport clock that workers adopt when it is ahead of theirs: never a time.
    headers: { clock: 1, expires },
    properties: {
      delivery_mode: 2,
      delivery_info: { exchange: `${exchange}.pidbox`, routing_key: '' },
      priority: 0,
      body_encoding: 'base64',
      delivery_tag: ticket,
    },
  })
}

/** The answer in one element of the reply list; undefined for anything that is not an answer to this ticket. */
export function parseWorkerAnswer(element: string, ticket: string): WorkerAnswer | undefined {
  const envelope = v.safeParse(Envelope, element)
  if (!envelope.success || envelope.output.headers.ticket !== ticket) return undefined
  const { body, properties, headers, 'content-type': format = 'unknown' } = envelope.output
  const clock = typeof headers.clock === 'number' ? { clock: headers.clock } : {}
  const bytes = properties?.body_encoding === 'base64' ? fromBase64(body) : body
  if (bytes === undefined) return { queues: [], unreadable: '', ...clock }
  const parsed = v.safeParse(Body, utf8(bytes))
  const [entry] = parsed.success ? Object.entries(parsed.output) : []
  if (!entry) {
    const isSearchable = searchableFormats.includes(format)
    return { queues: [], unreadable: bytes, ...(isSearchable && { isSearchable }), ...clock }
  }
  return { worker: entry[0], queues: v.parse(Queues, entry[1]).map(({ name }) => name), ...clock }
}

/**
 * Does this worker consume a queue? Each queue of an answer has a field `routing_key` (`Queue.as_dict` in
 * `kombu/entity.py`), in whatever format. Undefined for a format in which strings may lie differently.
 */
export function consumesSomething({ queues, unreadable, isSearchable }: WorkerAnswer): boolean | undefined {
  if (unreadable === undefined) return queues.length > 0
  if (unreadable.includes('routing_key')) return true
  return isSearchable ? false : undefined
}

/** Did this node answer? An answer that is not JSON is searched for the name. */
export function isAnswered(worker: string, answers: readonly WorkerAnswer[]): boolean {
  return answers.some((answer) => answer.worker === worker || holdsString(answer.unreadable, worker))
}

/** Does one of the answering workers consume this queue? */
export function isConsumed(queue: string, answers: readonly WorkerAnswer[]): boolean {
  return answers.some((answer) => answer.queues.includes(queue) || holdsString(answer.unreadable, queue))
}

/** One character for each byte; undefined when it is not base64. */
function fromBase64(text: string): string | undefined {
  try {
    return atob(text)
  } catch {
    return undefined
  }
}

function utf8(bytes: string): string {
  const buffer = new Uint8Array(bytes.length)
  for (let at = 0; at < bytes.length; at++) buffer[at] = bytes.charCodeAt(at)
  return new TextDecoder().decode(buffer)
}
