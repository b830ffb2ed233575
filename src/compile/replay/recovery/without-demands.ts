import { firstWord, isNoise, tokenAt } from '../split-statements.ts'

/**
 * A DO block of PL/pgSQL without what it changes in rows and demands of them: INSERT, UPDATE, DELETE, MERGE and TRUNCATE do nothing,
 * RAISE EXCEPTION only tells, INTO STRICT takes no row too, ASSERT is not checked. On a database where the block succeeds,
 * what it makes is the same. Undefined when nothing of the kind is in it.
 */
export function withoutDemands(statement: string): string | undefined {
  if (firstWord(statement) !== 'do') return undefined
  for (let at = 0; at < statement.length; ) {
    const text = tokenAt(statement, at)
    const quote = /^\$\w*\$/.exec(text)?.[0]
    if (quote !== undefined && text.length >= 2 * quote.length) {
      const body = text.slice(quote.length, -quote.length)
      const mild = mildBody(body)
      if (mild === body) return undefined
      return `${statement.slice(0, at)}${quote}${mild}${quote}${statement.slice(at + text.length)}`
    }
    at += text.length
  }
  return undefined
}

const beginnings = new Set(['', ';', 'begin', 'then', 'else', 'loop'])
const changing = new Set(['insert', 'update', 'delete', 'merge', 'truncate', 'assert'])

function mildBody(body: string): string {
  let text = ''
  let previous = ''
  let isLeftOut = false
  for (let at = 0; at < body.length; ) {
    const token = tokenAt(body, at)
    at += token.length
    const word = token.toLowerCase()
    if (isNoise(token)) {
      if (!isLeftOut) text += token
      continue
    }
    if (beginnings.has(previous) && changing.has(word)) {
      isLeftOut = true
      text += 'null'
    }
    if (word === ';') isLeftOut = false
    if (!isLeftOut) text += mildToken(token, word, previous)
    previous = word
  }
  return text
}

const levels = new Set(['debug', 'log', 'info', 'notice', 'warning', ';'])

function mildToken(token: string, word: string, previous: string): string {
  if (previous === 'raise' && word === 'exception') return 'notice'
  if (previous === 'raise' && !levels.has(word)) return `notice ${token}`
  return previous === 'into' && word === 'strict' ? '' : token
}
