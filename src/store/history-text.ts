import { maxHistoryBytes } from '../history/encode.ts'
import type { Asker } from './asker.ts'

/** @param key the beginning of the key */
export const historyKey = (key: string): string => `${key}:history`

/**
 * The history as it is kept; '' where there is none, undefined when it cannot be read.
 *
 * No answer to a monitor waits for it, so this also finds out whether the store is back.
 */
export const historyText = (asker: Asker, key: string, limitMs: number): Promise<string | undefined> =>
  asker.try(limitMs, (client) => client.getrange(historyKey(key), 0, maxHistoryBytes))
