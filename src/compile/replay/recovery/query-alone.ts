import { wordsWithPlaces } from '../split-statements.ts'

const queries = new Set(['select', 'values', 'table', 'with'])

/**
 * The query of an INSERT without the INSERT: it calls the same functions for the same rows. Undefined for all others.
 *
 * @example
 * queryAlone('insert into log (name) select make(name) from tenants on conflict do nothing') // 'select make(name) from tenants '
 */
export function queryAlone(statement: string): string | undefined {
  const words = wordsWithPlaces(statement).filter(({ depth }) => depth === 0)
  const insert = words.findIndex(({ word }) => word === 'insert')
  const query = words.findIndex(
    ({ word }, at) => at > insert && queries.has(word) && words[at - 1]?.word !== 'default',
  )
  if (insert < 0 || query < 0) return undefined
  const end = words.find(
    ({ word }, at) =>
      at > query && (word === 'returning' || (word === 'on' && words[at + 1]?.word === 'conflict')),
  )
  const before = statement.slice(0, words[insert]?.start)
  return `${before}${statement.slice(words[query]?.start, end?.start)}`
}
