import { thrownText } from '../core/thrown-text.ts'
import type { Asker } from './asker.ts'
import type { StoreClient } from './store-client.ts'

interface Replacement {
  readonly key: string
  readonly value: string
  /** What was there when it was read. */
  readonly expected: string
  /** Milliseconds until it expires. */
  readonly px: number
  /** What is to be there, where another run has written this since it was read. */
  readonly merge: (replaced: string) => Promise<string>
}

/** What a write may take, in ms. No answer waits for it, but Lambda sends an answer only when it has ended. */
export const writeLimitMs = 500
/** How often a value is written at most because others write it at the same moment. */
const maxRounds = 4

/**
 * Writes a value that other runs write too, and once more where that has taken the place of what another one has written since.
 *
 * @returns what is there now; undefined where it could not be written
 */
export async function replace(
  asker: Asker,
  { key, value, expected, px, merge }: Replacement,
): Promise<string | undefined> {
  let [written, before] = [value, expected]
  for (let round = 0; round < maxRounds; round += 1) {
    const replaced = await asker.try(writeLimitMs, (client) => replaceOnce(client, key, written, px, before))
    if (replaced === undefined) return undefined
    const merged = replaced === before ? written : await merge(replaced)
    if (merged === written) return written
    before = written
    written = merged
  }
  return undefined
}

/**
 * Replies to a SET that is to answer the old value: of a Redis before 6.2, which has no such SET, and where the old value is no
 * string, or more than an answer may hold.
 */
const cannotAnswer = /: (ERR syntax error|WRONGTYPE |the answer is larger than )/

/** @returns what it has taken the place of, '' where there was nothing; what is expected where the server cannot say it */
async function replaceOnce(client: StoreClient, key: string, value: string, px: number, expected: string) {
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
}
