/**
 * When to look for answers (pure).
 * @module
 */

/** The first pause, in ms; a worker answers within a few. */
const firstPauseMs = 5

/** Many workers take their time: about a millisecond for ten of them. A look that comes sooner finds only some. */
const workersPerMs = 10

/**
 * When to look again, in ms after the publish. The pauses grow in the same proportion, so that the looks that are left
 * reach the end of the time exactly: few looks serve a time of any length, and who answers early is seen early.
 *
 * @param looksLeft how many looks may still be made; the last one is at the end of the time
 * @param missing how many have not answered
 * @example
 * nextLookMs(5, { looksLeft: 7, timeoutMs: 1000, missing: 1 }) // 11
 */
export function nextLookMs(
  elapsedMs: number,
  { looksLeft, timeoutMs, missing }: { looksLeft: number; timeoutMs: number; missing: number },
): number {
  if (looksLeft <= 1 || elapsedMs >= timeoutMs) return timeoutMs
  const earliest = elapsedMs + firstPauseMs + Math.floor(missing / workersPerMs)
  const inProportion = elapsedMs > 0 ? elapsedMs * (timeoutMs / elapsedMs) ** (1 / looksLeft) : 0
  return Math.min(timeoutMs, Math.max(earliest, Math.round(inProportion)))
}
