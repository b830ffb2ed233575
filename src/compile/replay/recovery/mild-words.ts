import { wordsOf } from '../split-statements.ts'

const levels = new Set(['debug', 'log', 'info', 'notice', 'warning', ';'])

/** The word behind RAISE, so that it only tells. */
export function mildRaise(token: string, word: string): string {
  if (word === 'exception') return 'notice'
  return levels.has(word) ? token : `notice ${token}`
}

/**
 * A block whose IF leads to RAISE EXCEPTION, so that it does not hold: where the block succeeds, it never does, and what is
 * behind ELSE runs.
 */
export function withoutCondition(text: string, start: number, end: number): string {
  const condition = text.slice(start, end)
  // PL/pgSQL takes `IF count(*) = 0 FROM accounts` too, and that cannot stand in parentheses.
  if (wordsOf(condition).some(({ word, depth }) => word === 'from' && depth === 0)) return text
  return `${text.slice(0, start)} false and (${condition}) ${text.slice(end)}`
}

/** What a loop waits for may be a change of rows that is left out. EXIT does not set FOUND, which the loop may ask. */
export const endlessLoopEnds = [
  " exit when set_config('edge_health.rounds',",
  "(coalesce(nullif(current_setting('edge_health.rounds', true), ''), '0')::integer + 1)::text, true)::integer > 10000;",
].join(' ')
