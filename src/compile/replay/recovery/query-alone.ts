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
  const insert = words.findIndex(({ keyword }) => keyword === 'insert')
  const query = words.findIndex(
    ({ keyword }, at) => at > insert && queries.has(keyword) && words[at - 1]?.keyword !== 'default',
  )
  if (insert < 0 || query < 0) return undefined
  const end = words.find(
    ({ keyword }, at) =>
      at > query && (keyword === 'returning' || (keyword === 'on' && words[at + 1]?.keyword === 'conflict')),
  )
  const before = statement.slice(0, words[insert]?.start)
  return `${before}${statement.slice(words[query]?.start, end?.start)}`
}
