import * as v from 'valibot'
import type { Redis } from '../../clients/interfaces.ts'
import { CheckError } from '../../core/check.ts'
import { bindingSeconds, type DirectRoute, type ReplyRoute, replyListSeconds } from './keys.ts'

/** The one command that the control protocol needs. */
export type ScriptRunner = Pick<Redis, 'eval'>

/** First element of every reply list, which is not an answer. */
const placeholder = 'placeholder'

/** More registered workers than this are not read: a script holds the whole database while it runs. */
export const registrySample = 500

/**
 * A worker whose answer cannot be delivered resets its mailbox, and with kombu up to 5.6.2 never consumes again. So
 * the message goes out last: after the separator is known by which the workers split bindings, and after everything is
 * written that must be there. What Redis refuses the check (NOPERM, OOM, READONLY, MISCONF) ends the script before it.
 *
 * A binding is made only if all registered workers are read and agree on one separator, no other fits, the exchange is the
 * one of this separator, and it splits the binding into its three parts. Where two fit (`::` and `:`), no setting decides:
 * with the wrong one the worker would not find three parts. Where the exchange is that of another separator, nothing is sent.
 * In all other cases the workers are asked to push to a list directly, which needs no separator. There an empty message, which
 * workers ignore (`Channel._receive_one`), counts them first; with none, EXPIRE changes nothing and shows that this Redis takes
 * writes. The placeholder makes a list exist, so that it has its expiry before a worker pushes to it.
 *
 * The set is written before the list. So a user who may not EXPIRE leaves one of a few sets behind, and not a new list in each
 * run.
 *
 * `or {}` because the embedded Redis has no empty list there.
 *
 * Billed: 7 commands with a binding; without one 6, and 4 with no worker subscribed.
 */
const openScript = `
local members, possible = redis.call('SRANDMEMBER', KEYS[3], ${registrySample}) or {}, nil
for _, member in ipairs(members) do
  if string.sub(member, -#ARGV[4]) == ARGV[4] then
    local longest = math.floor((#member - #ARGV[4] - 1) / 2)
    if not possible then
      possible = {}
      for size = 1, longest do possible[size] = string.sub(member, 1, size) end
    end
    local fitting = {}
    for _, candidate in ipairs(possible) do
      if #candidate <= longest and string.sub(member, 1, 2 * #candidate) == candidate .. candidate then
        fitting[#fitting + 1] = candidate
      end
    end
    possible = fitting
  end
end
local separator = ''
for _, candidate in ipairs(possible or {}) do
  if #possible == 1 or candidate == ARGV[5] then separator = candidate end
end
local isCertain = possible and #possible == 1 and #members < ${registrySample}
if isCertain and ARGV[5] ~= '' then
  if separator ~= ARGV[5] then return {0, 0, 'other', separator} end
  local binding = ARGV[6] .. separator .. separator .. ARGV[7]
  local first = #ARGV[6] + 1
  if string.find(binding, separator, 1, true) == first
    and not string.find(binding, separator, first + 2 * #separator, true) then
    redis.call('SADD', KEYS[2], binding)
    redis.call('EXPIRE', KEYS[2], ${bindingSeconds})
    local length = redis.call('LPUSH', KEYS[1], '${placeholder}')
    redis.call('EXPIRE', KEYS[1], ${replyListSeconds})
    return {redis.call('PUBLISH', ARGV[1], ARGV[2]), length, 'bound', separator}
  end
end
if redis.call('PUBLISH', ARGV[1], '') == 0 then
  redis.call('EXPIRE', KEYS[4], ${replyListSeconds})
  return {0, 0, 'direct', separator}
end
local length = redis.call('LPUSH', KEYS[4], '${placeholder}')
redis.call('EXPIRE', KEYS[4], ${replyListSeconds})
return {redis.call('PUBLISH', ARGV[1], ARGV[3]), length, 'direct', separator}`

/** What is published, and where its answers go. */
interface Request {
  readonly channel: string
  readonly registry: string
  readonly registrySuffix: string
  /**
   * The separator of the exchange of `bound`, which is used only where the registry shows this one and no other. Without
   * one nothing is bound.
   */
  readonly separator: string | undefined
  readonly bound: { readonly route: ReplyRoute; readonly message: string }
  readonly direct: { readonly route: DirectRoute; readonly message: string }
}

export interface Opened {
  /** How many are subscribed to the channel. */
  readonly subscribers: number
  /** Where the answers come, and how many elements were there before them. */
  readonly replyList: string
  readonly alreadyThere: number
  /** Where they come when the priority steps are others than expected. */
  readonly otherLists: readonly string[]
  /** `other`: nothing was published, because workers registered with another separator than that of the request. */
  readonly way: 'bound' | 'direct' | 'other'
  /** The `sep` of the registered workers; undefined when they do not show one and the same. */
  readonly separator?: string
}

/** Prepares the way for the answers and publishes the message. */
export async function open(redis: ScriptRunner, request: Request): Promise<Opened> {
  const { bound, direct } = request
  const reply: unknown = await redis.eval(
    openScript,
    [bound.route.replyList, bound.route.bindingSet, request.registry, direct.route.replyList],
    [
      ...[request.channel, bound.message, direct.message, request.registrySuffix],
      ...[request.separator ?? '', bound.route.routingKey, bound.route.queue],
    ],
  )
  const [subscribers, alreadyThere, way, separator] = expectShape(OpenReply, reply)
  const { replyList, otherLists } = way === 'bound' ? bound.route : direct.route
  return { subscribers, replyList, otherLists, alreadyThere, way, ...(separator && { separator }) }
}

const Count = v.pipe(v.number(), v.integer(), v.minValue(0))
const OpenReply = v.tuple([Count, Count, v.picklist(['bound', 'direct', 'other']), v.string()])

/**
 * The reply of a script in the shape that the script promises.
 *
 * @throws {CheckError} `wrong_answer` for any other shape
 * @example
 * const [length] = expectShape(v.tuple([v.number()]), reply)
 */
export function expectShape<Schema extends v.GenericSchema>(
  schema: Schema,
  reply: unknown,
): v.InferOutput<Schema> {
  const parsed = v.safeParse(schema, reply)
  if (parsed.success) return parsed.output
  throw new CheckError('wrong_answer', 'a script of the Celery check returned another shape than it should')
}
