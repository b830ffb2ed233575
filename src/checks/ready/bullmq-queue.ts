import type { Redis } from '../../clients/interfaces.ts'
import { CheckError } from '../../core/check.ts'

/** What the keys of a queue of BullMQ say. */
export interface QueueState {
  /** Whether a worker has left a sign of life. */
  readonly isAlive: boolean
  readonly details: {
    readonly waiting: number
    readonly active: number
    /** Active jobs whose lock is gone. */
    readonly stalled: number
    /** Since the oldest waiting job was added. */
    readonly oldest_seconds: number
    readonly paused: boolean
  }
}

/**
 * Reads a queue in one command.
 * @param base what its keys begin with, `bull:mails:`
 * @throws {CheckError} what the client throws, and `wrong_answer`
 */
export async function readQueue(redis: Pick<Redis, 'eval'>, base: string): Promise<QueueState> {
  return parse(await redis.eval(script, [base], []))
}

/** The keys are those of `QueueKeys` of BullMQ; at most 1,000 active jobs are looked at. */
const script = `
local base = KEYS[1]
local isAlive, stalled = redis.call('EXISTS', base .. 'stalled-check'), 0
local active = redis.call('LRANGE', base .. 'active', 0, 999)
for _, id in ipairs(active) do
  if redis.call('EXISTS', base .. id .. ':lock') == 1 then isAlive = 1 else stalled = stalled + 1 end
end
local waiting = redis.call('LLEN', base .. 'wait') + redis.call('ZCARD', base .. 'prioritized') + redis.call('LLEN', base .. 'paused')
local oldest = redis.call('LINDEX', base .. 'wait', -1)
local added = oldest and redis.call('HGET', base .. oldest, 'timestamp') or 0
local age = tonumber(added) > 0 and redis.call('TIME')[1] - math.floor(added / 1000) or 0
return {isAlive, waiting, #active, stalled, math.max(0, age), redis.call('HEXISTS', base .. 'meta', 'paused')}`

function parse(reply: unknown): QueueState {
  const numbers = Array.isArray(reply) ? reply.map(Number) : []
  const isWrong = numbers.length !== 6 || numbers.some(Number.isNaN)
  if (isWrong) throw new CheckError('wrong_answer', 'the reply is not six numbers')
  const [alive = 0, waiting = 0, active = 0, stalled = 0, oldest_seconds = 0, paused = 0] = numbers
  return { isAlive: alive === 1, details: { waiting, active, stalled, oldest_seconds, paused: paused === 1 } }
}
