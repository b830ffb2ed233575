import * as v from 'valibot'
import { replyListSeconds } from './keys.ts'
import { expectShape, registrySample, type ScriptRunner } from './scripts.ts'

/**
 * Characters of answers that one script returns, at most. With the registry, and JSON around all of them, this stays below
 * what is read of any answer (`maxAnswerBytes`). Each element counts for more than its length, because of its quotes.
 */
const maxReadChars = 900_000
const charsAroundElement = 128
/** Elements that are read by one command: a script holds the whole database while it runs. */
const elementsAtOnce = 64

/**
 * Workers push to the head, so what is new lies before what was read. A script rather than LRANGE because scripts run
 * where the workers write, while a read may be served by a replica that lags.
 *
 * One answer may be longer than a whole read (a worker with 1,500 queues), so it comes in pieces. A body that is not base64
 * may double in length by its quotes. `unpack` because the embedded Redis returns only tables written in one piece.
 *
 * Where other lists are passed, and one of them exists, it is read instead and gets an expiry. A user may lack the
 * rights for these lists, so they are not among KEYS: EVAL itself would be refused.
 *
 * Billed: 2 commands, 3 with the registry, 1 more with other lists; 1 more for every 64 answers.
 */
const readScript = `
local at, offset = tonumber(ARGV[1]), tonumber(ARGV[2])
local taken, piece, room = {}, '', ${maxReadChars}
local full, ended, more = false, 0, 0
local list, others = KEYS[1], {unpack(ARGV, 4)}
local there = #others > 0 and redis.pcall('EXISTS', unpack(others))
if type(there) == 'number' and there > 0 then
  for _, other in ipairs(others) do
    if redis.call('EXPIRE', other, ${replyListSeconds}) == 1 then list, at = other, 0 end
  end
end
repeat
  local some = redis.call('LRANGE', list, -at - ${elementsAtOnce}, -1 - at) or {}
  for i = #some, 1, -1 do
    local element = some[i]
    local scale = string.find(element, '"body_encoding": "base64"', 1, true) and 1 or 2
    local size = scale * #element
    if offset > 0 or size > ${maxReadChars} then
      full, more = true, 1
      if #taken == 0 then
        piece = string.sub(element, offset + 1, offset + ${maxReadChars} / scale)
        offset = offset + #piece
        if offset >= #element then
          offset, ended = 0, 1
          if i == 1 and #some < ${elementsAtOnce} then more = 0 end
        end
      end
    elseif size + ${charsAroundElement} > room then
      full, more = true, 1
    end
    if full then break end
    taken[#taken + 1] = element
    room = room - size - ${charsAroundElement}
    at = at + 1
  end
until full or #some < ${elementsAtOnce}
local registered = {}
if ARGV[3] == 'registry' then registered = redis.call('SRANDMEMBER', KEYS[2], ${registrySample}) end
return {{unpack(taken)}, piece, ended, offset, more, registered, list == KEYS[1] and 0 or 1}`

/** What one look brought. */
export interface Replies {
  /** Elements of the reply list that were not read before, in the order of their arrival. */
  readonly elements: readonly string[]
  /** Whether more lie there, which the next look brings. */
  readonly hasMore: boolean
  /** Members of the registry, empty when not asked for. */
  readonly registered: readonly string[]
  /** Whether they were in one of the other lists. */
  readonly isOtherStep?: true
}

export interface Look {
  readonly askRegistry?: boolean
  /** Whether to read the other lists too, when nothing came into the right one. */
  readonly askOtherSteps?: boolean
}

type ReadReplies = (redis: ScriptRunner, look?: Look) => Promise<Replies>

/** An empty Lua table is an empty list in Redis and null in some who stand in for it. */
const Strings = v.nullish(v.array(v.string()), [])
const Count = v.pipe(v.number(), v.integer(), v.minValue(0))
const Reply = v.tuple([Strings, v.string(), Count, Count, Count, Strings, Count])

/**
 * Reads a reply list from its oldest element on, each element once. A look that failed may be made again.
 *
 * @param alreadyThere elements that were there before and are not read
 * @example
 * const read = replyReader({ replyList, registry, alreadyThere: 1 })
 * const { elements, hasMore } = await read(redis)
 */
export function replyReader({
  replyList,
  registry,
  alreadyThere,
  otherLists = [],
}: {
  readonly replyList: string
  readonly registry: string
  readonly alreadyThere: number
  readonly otherLists?: readonly string[]
}): ReadReplies {
  let alreadyRead = alreadyThere
  let begun = { text: '', bytes: 0 }
  return async (redis, { askRegistry = false, askOtherSteps = false } = {}) => {
    const others = askOtherSteps && begun.bytes === 0 ? otherLists : []
    const reply: unknown = await redis.eval(
      readScript,
      [replyList, registry],
      [String(alreadyRead), String(begun.bytes), askRegistry ? 'registry' : '', ...others],
    )
    const [whole, piece, ended, bytes, more, registered, other] = expectShape(Reply, reply)
    const text = begun.text + piece
    begun = ended === 1 ? { text: '', bytes: 0 } : { text, bytes }
    const elements = ended === 1 ? [...whole, text] : whole
    alreadyRead += elements.length
    return { elements, hasMore: more === 1, registered, ...(other === 1 && { isOtherStep: true }) }
  }
}
