import { standInBody } from '../../checks/migrations/stand-ins.ts'
import { firstWord, isNoise, tokenAt } from './split-statements.ts'

/**
 * A function whose body is SQL and not a text (`RETURN …` or `BEGIN ATOMIC … END`), with another body: Postgres reads such
 * a body at once, and refuses it where something that it calls is not there. Undefined for all other statements.
 */
export function withoutSqlBody(statement: string): string | undefined {
  if (firstWord(statement) !== 'create') return undefined
  let depth = 0
  let start: number | undefined
  const words: string[] = []
  for (let at = 0; at < statement.length; ) {
    const token = tokenAt(statement, at)
    if (!isNoise(token)) {
      const word = token.toLowerCase()
      if (word === '(') depth++
      if (word === ')') depth--
      const isBody = word === 'return' || (word === 'atomic' && words.at(-1) === 'begin')
      if (isBody && depth === 0)
        return `${statement.slice(0, word === 'return' ? at : start)}as '${standInBody}'`
      if (word === 'begin') start = at
      words.push(word)
      if (words.length === 5 && !words.some((each) => each === 'function' || each === 'procedure'))
        return undefined
    }
    at += token.length
  }
  return undefined
}
