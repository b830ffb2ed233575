import type { Details, Result } from '../../core/check.ts'
import { isFindingPattern } from '../../core/finding-kinds.ts'
import { isRecord } from '../../core/is-record.ts'
import { excerptOf } from '../excerpt.ts'

/** So many kinds of findings are said; the rest is counted. */
const maxSaid = 3

/**
 * What a message says of the findings in the scrubbed details of a result, the worst first: `changed column (2)`, `missing index`.
 * These are words of ours, so no name of the application is among them.
 *
 * @param withNames `changed column public.orders.total` instead, as the log says it
 */
export function findingsIn(result: Result | undefined, withNames: boolean): readonly string[] {
  if (!result) return []
  return withNames ? (excerptOf(result)?.findings ?? []) : publicWords(result.details)
}

function publicWords(details: Details = {}): readonly string[] {
  const { findings } = details
  if (!Array.isArray(findings)) return []
  const counts = new Map<string, number>()
  for (const finding of findings) {
    const words = wordsOf(finding)
    if (words !== undefined) counts.set(words, (counts.get(words) ?? 0) + 1)
  }
  const said = [...counts].map(([words, count]) => (count === 1 ? words : `${words} (${count})`))
  const more = said.length - maxSaid
  return more > 0 ? [...said.slice(0, maxSaid), `and ${more} other ${more === 1 ? 'kind' : 'kinds'}`] : said
}

/** Details may be those of an application's own check, whose words are not ours. */
function wordsOf(finding: unknown): string | undefined {
  if (!isRecord(finding) || finding['severity'] === 'info') return undefined
  const { difference, kind } = finding
  if (typeof difference !== 'string' || typeof kind !== 'string') return undefined
  return isFindingPattern(`${kind}:${difference}`) ? `${difference} ${kind}` : undefined
}
