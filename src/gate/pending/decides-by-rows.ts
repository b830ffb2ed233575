import { tokensOf, wordsOf } from '../../compile/replay/split-statements.ts'
import { tableNameAt } from './table-name.ts'

/** Words behind which a statement of PL/pgSQL begins; `CREATE TABLE IF NOT EXISTS` is none. */
const beforeStatement = new Set([';', 'begin', 'then', 'else', 'loop'])

/**
 * Whether a DO block asks tables for what it does: by a branch or a loop, in a block that reads one. The tables of the
 * replay are empty.
 *
 * @param exists whether there is a table of this name, `table` or `schema.table`
 */
export function decidesByRows(sql: string, exists: (name: string) => boolean): boolean {
  const [first = '', ...tokens] = tokensOf(sql)
  const quoted = tokens.find((token) => token.startsWith('$'))
  if (first.toLowerCase() !== 'do' || quoted === undefined) return false
  const tag = quoted.slice(0, quoted.indexOf('$', 1) + 1)
  const words = wordsOf(quoted.slice(tag.length, -tag.length)).map(({ word }) => word)
  const decides = words.some(
    (word, at) => word === 'loop' || (word === 'if' && beforeStatement.has(words[at - 1] ?? ';')),
  )
  return (
    decides &&
    words.some((word, at) => (word === 'from' || word === 'join') && exists(tableNameAt(words, at + 1)))
  )
}
