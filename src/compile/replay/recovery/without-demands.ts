import { firstWord, isNoise, tokenAt } from '../split-statements.ts'
import { endlessLoopEnds, mildRaise, withoutCondition } from './mild-words.ts'

/** Which statements of a block are changed. */
export interface Demanding {
  /** Counted from 1 as PL/pgSQL does; all lines when it is not known. */
  readonly line?: number | undefined
  /** What makes nothing and goes there, instead of the changes of rows: the only one of its line. */
  readonly call?: 'execute' | 'perform' | undefined
}

/**
 * A DO block of PL/pgSQL without what it changes in rows and demands of them: INSERT, UPDATE, DELETE, MERGE and TRUNCATE do nothing,
 * RAISE EXCEPTION only tells and what leads to it does not hold, INTO STRICT takes no row too, ASSERT is not checked. On a
 * database where the block succeeds, what it makes is the same. Undefined when nothing of the kind is in it.
 */
export function withoutDemands(statement: string, demanding: Demanding = {}): string | undefined {
  if (firstWord(statement) !== 'do') return undefined
  for (let at = 0; at < statement.length; ) {
    const text = tokenAt(statement, at)
    const quote = /^\$\w*\$/.exec(text)?.[0]
    if (quote !== undefined && text.length >= 2 * quote.length) {
      const mild = mildBody(text.slice(quote.length, -quote.length), demanding)
      if (mild === undefined) return undefined
      return `${statement.slice(0, at)}${quote}${mild}${quote}${statement.slice(at + text.length)}`
    }
    at += text.length
  }
  return undefined
}

const beginnings = new Set(['', ';', 'begin', 'then', 'else', 'loop', '>'])
const changing = new Set(['insert', 'update', 'delete', 'merge', 'truncate', 'assert'])

/** Keeps its lines. */
function mildBody(body: string, { line: wanted, call }: Demanding): string | undefined {
  let text = ''
  let previous = ''
  let line = 1
  let isWanted = false
  let isLeftOut = false
  let isWhile = false
  let changes = 0
  /** Where the condition of the last IF is in `text`, and where that ends. */
  let condition: { readonly start: number; readonly end?: number } | undefined
  for (let at = 0; at < body.length; ) {
    const token = tokenAt(body, at)
    at += token.length
    const word = token.toLowerCase()
    const isSpace = isNoise(token)
    if (!isSpace && beginnings.has(previous)) {
      isWanted = wanted === undefined || wanted === line
      if (isWanted && (call === undefined ? changing.has(word) : word === call)) {
        isLeftOut = true
        changes++
        text += 'null'
      }
      isWhile = word === 'while'
    }
    line += token.split('\n').length - 1
    if (word === ';') isLeftOut = false
    if (isLeftOut) text += token.replaceAll(/[^\n]/g, '')
    else if (isSpace) text += token
    else {
      if (word === 'then')
        condition = condition?.end === undefined && condition ? { ...condition, end: text.length } : undefined
      const mild = isWanted && call === undefined ? mildWord(token, word, previous) : token
      if (mild !== token) changes++
      if (isWanted && previous === 'raise' && mild !== token && condition?.end !== undefined)
        text = withoutCondition(text, condition.start, condition.end)
      text += mild
      if (/^(?:if|elsif|elseif)$/.test(word) && beginnings.has(previous)) condition = { start: text.length }
      else if (word === ';') condition = undefined
      else if (word === 'loop' && previous !== 'end' && (isWhile || beginnings.has(previous)))
        text += endlessLoopEnds
    }
    if (!isSpace) previous = word
  }
  return changes === 0 || (call !== undefined && changes > 1) ? undefined : text
}

function mildWord(token: string, word: string, previous: string): string {
  if (previous === 'raise') return mildRaise(token, word)
  return previous === 'into' && word === 'strict' ? '' : token
}
