import { isRefusal, refusedInScript } from '../../checks/celery/permissions.ts'
import type { OpenRedis } from '../../clients/interfaces.ts'
import { CheckError } from '../../core/check.ts'
import type { Attempt, RedisRight } from './redis-rights.ts'

/** A right that is missing. */
interface MissingRight {
  /** What has to be granted, as the server takes it. */
  readonly rule: string
  readonly neededBy: string
}

/** What came of trying. */
export interface TriedRights {
  readonly missing: readonly MissingRight[]
  /** Why the others could not be tried. */
  readonly untried?: string
}

/** How long what is written lives, in seconds and in ms. */
const lifeSeconds = 1
const lifeMs = 1

/**
 * Runs one command. When the command writes, its key then gets an expiry; a command that is denied has written nothing. A
 * channel is not a key, so it is passed as an argument. Answers the error, or an empty text.
 */
const tryScript = `
local words = {ARGV[1], KEYS[1] or ARGV[2]}
for i = 3, #ARGV do words[#words + 1] = ARGV[i] end
local reply = redis.pcall(unpack(words))
if ARGV[1] == 'LPUSH' or ARGV[1] == 'SADD' then redis.pcall('EXPIRE', KEYS[1], ${lifeSeconds}) end
if type(reply) == 'table' and reply.err then return reply.err end
return ''`

/** Tries each right with a harmless command. Costs one command for each, and two for each of a script, and one for `eval`. */
export async function tryRedisRights(rights: readonly RedisRight[], open: OpenRedis): Promise<TriedRights> {
  const inScripts = rights.filter(({ attempt }) => attempt.how === 'script')
  const [first] = inScripts
  if (first) {
    const noScripts = await tryOne({ ...first, rule: '+eval', attempt: { how: 'no script' } }, open)
    if (noScripts.untried !== undefined) return noScripts
    if (noScripts.missing.length > 0) {
      // Without scripts nothing can be tried, or done, that is done in one.
      const others = await tryEach(
        rights.filter((right) => !inScripts.includes(right)),
        open,
      )
      return { ...others, missing: [...others.missing, ...noScripts.missing, ...inScripts.map(toMissing)] }
    }
  }
  return tryEach(rights, open)
}

const toMissing = ({ rule, neededBy }: RedisRight): MissingRight => ({ rule, neededBy })

async function tryEach(rights: readonly RedisRight[], open: OpenRedis): Promise<TriedRights> {
  const missing: MissingRight[] = []
  const denied = new Set<string>()
  for (const right of rights) {
    const { attempt } = right
    // Without an expiry a key would stay.
    const wouldStay = attempt.how === 'script' && ['LPUSH', 'SADD'].includes(attempt.words[0])
    if (wouldStay && denied.has('EXPIRE')) continue
    const tried = await tryOne(right, open)
    if (tried.untried !== undefined) return { ...tried, missing }
    if (tried.missing.length > 0 && attempt.how === 'script') denied.add(attempt.words[0])
    missing.push(...tried.missing)
  }
  return { missing }
}

async function tryOne(right: RedisRight, open: OpenRedis): Promise<TriedRights> {
  try {
    return { missing: (await isAllowed(right.attempt, open)) ? [] : [toMissing(right)] }
  } catch (error) {
    return { missing: [], untried: error instanceof CheckError ? error.code : 'error' }
  }
}

async function isAllowed(attempt: Attempt, open: OpenRedis): Promise<boolean> {
  const signal = AbortSignal.timeout(5000)
  try {
    const redis = open(signal)
    if (attempt.how === 'get') await redis.get(attempt.key)
    else if (attempt.how === 'getrange') await redis.getrange(attempt.key, 0, 0)
    else if (attempt.how === 'no script') await redis.eval('return 1', [], [])
    else if (attempt.how === 'set') await redis.set(attempt.key, '', { px: lifeMs, nx: true })
    else {
      const [command, key, ...args] = attempt.words
      const keys = command === 'PUBLISH' ? [] : [key]
      const reply = String(await redis.eval(tryScript, keys, [command, key, ...args]))
      return !(refusedInScript.test(reply) || /^-?NOPERM/.test(reply))
    }
    return true
  } catch (error) {
    if (isRefusal(error)) return false
    throw error
  }
}
