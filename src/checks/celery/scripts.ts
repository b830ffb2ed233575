import type { Redis } from '@upstash/redis/cloudflare'
import * as v from 'valibot'
import { CheckError } from '../../core/check.ts'
import { bindingSeconds, type ReplyRoute, replyListSeconds } from './keys.ts'

/** The one command that the control protocol needs. */
export type ScriptRunner = Pick<Redis, 'eval'>

/** First element of every reply list. A second one says that the client sent the question twice (`closedUnanswered`). */
export const placeholder = 'placeholder'

/**
 * A script is atomic, so no worker looks for the binding before it is there; and with nobody subscribed nothing is
 * written. The placeholder makes the list exist, so that it has its expiry before the first worker pushes to it.
 * Billed: 6 commands with somebody subscribed, 2 with nobody.
 */
const openScript = `
local subscribers = redis.call('PUBLISH', ARGV[1], ARGV[2])
if subscribers > 0 then
  redis.call('RPUSH', KEYS[1], '${placeholder}')
  redis.call('EXPIRE', KEYS[1], ARGV[4])
  redis.call('SADD', KEYS[2], ARGV[3])
  redis.call('EXPIRE', KEYS[2], ARGV[5])
end
return subscribers`

/**
 * Workers push to the head, so what is new lies before what was read, and the placeholder is last. A script rather
 * than LRANGE because scripts run where the workers write, while a read may be served by a replica that lags.
 * Billed: 2 commands, 3 with the registry.
 */
const collectScript = `
local answers = redis.call('LRANGE', KEYS[1], 0, -2 - tonumber(ARGV[1]))
local registered = {}
if ARGV[2] == 'registry' then registered = redis.call('SMEMBERS', KEYS[2]) end
return {answers, registered}`

/** Billed: 1 command and 1 for each list. `unpack` because the embedded Redis returns only tables written in one piece. */
const lengthsScript = `
local lengths = {}
for i = 1, #KEYS do lengths[i] = redis.call('LLEN', KEYS[i]) end
return {unpack(lengths)}`

/** Publishes the message. Returns how many are subscribed to the channel; answers are awaited only if there are any. */
export async function open(
  redis: ScriptRunner,
  channel: string,
  message: string,
  route: ReplyRoute,
): Promise<number> {
  const reply: unknown = await redis.eval(
    openScript,
    [route.replyList, route.bindingSet],
    [channel, message, route.binding, String(replyListSeconds), String(bindingSeconds)],
  )
  return expect(v.pipe(v.number(), v.integer(), v.minValue(0)), reply)
}

export interface Collected {
  /** Elements of the reply list that were not read before, in the order of their arrival. */
  readonly elements: string[]
  /** Members of the registry, empty when not asked for. */
  readonly registered: string[]
}

/** Reads what has come to the reply list since `alreadyRead` elements were read, and the registry's members on demand. */
export async function collect(
  redis: ScriptRunner,
  question: { replyList: string; alreadyRead: number; registry: string; askRegistry: boolean },
): Promise<Collected> {
  const reply: unknown = await redis.eval(
    collectScript,
    [question.replyList, question.registry],
    [String(question.alreadyRead), question.askRegistry ? 'registry' : ''],
  )
  const [elements, registered] = expect(v.tuple([Strings, Strings]), reply)
  return { elements: elements.toReversed(), registered }
}

/** Lengths of the lists, in their order; 0 for one that does not exist. */
export async function lengths(redis: ScriptRunner, lists: string[]): Promise<number[]> {
  const reply: unknown = await redis.eval(lengthsScript, lists, [])
  return expect(v.array(v.number()), reply)
}

/** An empty Lua table is an empty list in Redis and null in some who stand in for it. */
const Strings = v.nullish(v.array(v.string()), [])

function expect<Schema extends v.GenericSchema>(schema: Schema, reply: unknown): v.InferOutput<Schema> {
  const parsed = v.safeParse(schema, reply)
  if (parsed.success) return parsed.output
  throw new CheckError('wrong_answer', 'a script of the Celery check returned another shape than it should')
}
