/**
 * Celery's remote control messages (pure): `kombu/pidbox.py` (`Mailbox._publish`, `Node.reply`) in the envelope of
 * `kombu/transport/virtual/base.py` (`Channel.prepare_message`), the same in Celery 5.2 and 5.6.
 * @module
 */
import * as v from 'valibot'
import type { ReplyRoute } from './keys.ts'

/** What one worker answered. */
export interface WorkerAnswer {
  /** Node name, `celery@host`; absent when the body is not JSON (`task_serializer` pickle or yaml). */
  readonly worker?: string
  /** Queues that it consumes; empty for a worker that is alive but consumes nothing. */
  readonly queues: readonly string[]
  /** The body of an answer that is not JSON, one character for each byte: names can be searched in it. */
  readonly unreadable?: string
}

const Envelope = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({
    body: v.string(),
    'content-type': v.optional(v.string()),
    headers: v.object({ ticket: v.string() }),
    properties: v.optional(v.object({ body_encoding: v.optional(v.nullable(v.string())) })),
  }),
)

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
  const { body, properties, 'content-type': contentType } = envelope.output
  const bytes = properties?.body_encoding === 'base64' ? fromBase64(body) : body
  if (bytes === undefined) return { queues: [], unreadable: '' }
  const parsed = v.safeParse(Body, contentType === 'application/json' ? utf8(bytes) : '')
  const [entry] = parsed.success ? Object.entries(parsed.output) : []
  if (!entry) return { queues: [], unreadable: bytes }
  return { worker: entry[0], queues: v.parse(Queues, entry[1]).map(({ name }) => name) }
}

/** Did this node answer? An answer that is not JSON is searched for the name. */
export function isAnswered(worker: string, answers: readonly WorkerAnswer[]): boolean {
  return answers.some((answer) => answer.worker === worker || mentions(answer, worker))
}

/** Does one of the answering workers consume this queue? */
export function isConsumed(queue: string, answers: readonly WorkerAnswer[]): boolean {
  return answers.some((answer) => answer.queues.includes(queue) || mentions(answer, queue))
}

/** Finds a whole string in a pickled or YAML body: pickle puts its length (and zeros) before it, YAML a blank. */
function mentions({ unreadable = '' }: WorkerAnswer, text: string): boolean {
  const name = bytesOf(text)
  const inName = /[\w@.%-]/
  for (let at = unreadable.indexOf(name); at >= 0; at = unreadable.indexOf(name, at + 1)) {
    const before = unreadable.charAt(at - 1)
    const startsHere = !inName.test(before) || before.charCodeAt(0) === name.length
    if (startsHere && !inName.test(unreadable.charAt(at + name.length))) return true
  }
  return false
}

/** One character for each byte of the text in UTF-8. */
function bytesOf(text: string): string {
  return String.fromCharCode(...new TextEncoder().encode(text))
}

/** One character for each byte; undefined when it is no base64. */
function fromBase64(text: string): string | undefined {
  try {
    return atob(text)
  } catch {
    return undefined
  }
}

function utf8(bytes: string): string {
  return new TextDecoder().decode(Uint8Array.from(bytes, (character) => character.charCodeAt(0)))
}
