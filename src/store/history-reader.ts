import { decodeHistory } from '../history/encode.ts'
import { type History, type KnownHistory, knownHistory } from '../history/history.ts'
import type { Asker } from './asker.ts'
import { historyText } from './history-text.ts'

/** For how long an isolate shows what it has read, in ms: a page that many people look at costs one command a minute. */
const keptMs = 60_000

/**
 * Reads the history for those who look at it; it is never written here.
 *
 * @returns when it cannot be read the one that was read last, marked as old; undefined without one
 */
type ReadHistory = (key: string, limitMs: number) => Promise<KnownHistory | undefined>

/** @param expectedMs as in `observe` */
export function createHistoryReader(asker: Asker, now: () => number, expectedMs: number): ReadHistory {
  let kept: { readonly key: string; readonly history: KnownHistory } | undefined
  return async (key, limitMs) => {
    const ageMs = kept?.key === key ? now() - kept.history.readAt : Number.POSITIVE_INFINITY
    if (kept && ageMs >= 0 && ageMs < keptMs) return kept.history
    const old = kept?.key === key ? ({ ...kept.history, isOld: true } as const) : undefined
    const text = await historyText(asker, key, limitMs)
    if (text === undefined) return old
    const decoded: History | undefined = text === '' ? new Map() : decodeHistory(text)?.history
    if (!decoded) return old
    const history = knownHistory(decoded, expectedMs, now())
    kept = { key, history }
    return history
  }
}
