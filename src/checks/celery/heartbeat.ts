import type { Redis } from '../../clients/interfaces.ts'
import { CheckError } from '../../core/check.ts'
import type { Clock } from '../../core/clock.ts'
import type { CelerySettings } from './settings.ts'

/** How old the heartbeat is, in seconds; undefined when there is none. */
export type HeartbeatAge = number | undefined

/**
 * Reads when a beat task last ran: the task writes the epoch seconds, with an expiry. One command.
 *
 * @throws {CheckError} `wrong_answer` when the value is not a time in seconds, or one that would be fresh for ever
 */
export async function readHeartbeat(
  redis: Pick<Redis, 'get'>,
  { heartbeatKey, heartbeatMaxAgeSeconds }: Pick<CelerySettings, 'heartbeatKey' | 'heartbeatMaxAgeSeconds'>,
  clock: Pick<Clock, 'now'>,
): Promise<HeartbeatAge> {
  const value = await redis.get(heartbeatKey)
  if (value === null) return undefined
  const writtenAt = typeof value === 'string' && value.trim() !== '' ? Number(value) : Number.NaN
  const age = clock.now() / 1000 - writtenAt
  if (!Number.isFinite(age)) {
    throw new CheckError('wrong_answer', 'the heartbeat is not a number: write time.time(), epoch seconds')
  }
  // Clocks differ a little; a time further ahead than that is in another unit or zone.
  if (age < -heartbeatMaxAgeSeconds) {
    throw new CheckError('wrong_answer', 'the heartbeat is in the future: write time.time(), epoch seconds')
  }
  return Math.max(0, age)
}
