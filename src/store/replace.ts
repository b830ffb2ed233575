import { thrownText } from '../core/thrown-text.ts'
import type { Asker } from './asker.ts'

interface Replacement {
  readonly key: string
  readonly value: string
  /** What was there when it was read. */
  readonly expected: string
  /** Milliseconds until it expires. */
  readonly px: number
  readonly limitMs: number
}

/**
 * Replies to a SET that is to answer the old value: of a Redis before 6.2, which has no such SET, and where the old value is no
 * string, or more than an answer may hold.
 */
const cannotAnswer = /: (ERR syntax error|WRONGTYPE |the answer is larger than )/

/**
 * Writes a value that other runs write too.
 *
 * @returns what it has taken the place of, '' where there was nothing; what is expected where the server cannot say it;
 *   undefined where it could not be written
 */
export const replace = (
  asker: Asker,
  { key, value, expected, px, limitMs }: Replacement,
): Promise<string | undefined> =>
  asker.try(limitMs, async (client) => {
    try {
      const before = await client.set(key, value, { px, get: true })
      // So answers what does not know `get` and says nothing of it; no value of ours is that short.
      if (before === 'OK') return expected
      return typeof before === 'string' ? before : ''
    } catch (error) {
      if (!cannotAnswer.test(thrownText(error))) throw error
      await client.set(key, value, { px })
      return expected
    }
  })
