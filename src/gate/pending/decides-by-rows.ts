import { tokensOf, wordsOf } from '../../compile/replay/split-statements.ts'
import { tableNameAt } from './table-name.ts'

/** After these words a statement of PL/pgSQL begins. `CREATE TABLE IF NOT EXISTS` has another word before its IF. */
const beforeStatement = new Set([';', 'begin', 'then', 'else', 'loop'])

/**
 * Whether the rows of a table decide what a DO block does: it has a branch or a loop, and reads a table. The tables of the
 * replay are empty, so such a block is not measured rightly.
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
