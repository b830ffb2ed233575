import { bodyOf } from './replay/recovery/makes-nothing.ts'
import { splitStatements, tokensOf, wordsOf } from './replay/split-statements.ts'

/** So many at most: they travel with the function. */
const mostNames = 50

/**
 * Names of the tables that blocks and functions of the migrations make, with `*` for what a row or the time decides: which of
 * them a database has, the replay does not know. Without their schema and without quotes.
 *
 * @example
 * tablesMadeForRows([`do $$ begin execute 'create table usage_' || tenant || ' (id int)'; end $$`]) // ['usage_*']
 */
export function tablesMadeForRows(sql: readonly string[]): string[] {
  const names = sql
    .flatMap(splitStatements)
    .filter(isCode)
    .flatMap((statement) => splitStatements(bodyOf(statement)))
    .flatMap((statement) => [...namesIn(code(statement)), ...namesIn(texts(statement))])
  return [...new Set(names)].sort().slice(0, mostNames)
}

function isCode(statement: string): boolean {
  const [first, ...words] = wordsOf(statement).slice(0, 4)
  if (first?.word === 'do') return true
  return first?.word === 'create' && words.some(({ word }) => word === 'function' || word === 'procedure')
}

// Each name has one reading: a repetition in a repetition would take a time that doubles with every letter.
const part = '(?:"[^"]*"|[\\w$*])+'
const made = new RegExp(
  `\\bcreate\\s+(?:unlogged\\s+)?table\\s+(?:if\\s+not\\s+exists\\s+)?(?:${part}\\s*\\.\\s*)?(${part})`,
  'gi',
)

const namesIn = (text: string): string[] =>
  [...text.matchAll(made)].map(([, name = '']) =>
    (name.includes('"') ? name.replaceAll('"', '') : name.toLowerCase()).replaceAll(/\*+/g, '*'),
  )

const literal = /^(?:e?'([\s\S]*)'|(\$\w*\$)([\s\S]*)\2)$/i

/** Its own words. */
const code = (statement: string): string =>
  tokensOf(statement)
    .map((token) => (literal.test(token) ? "''" : token))
    .join(' ')

/** The texts that it may run: what is joined to a literal, and each place of format(), is a `*`. */
const texts = (statement: string): string =>
  tokensOf(statement)
    .map((token, at, tokens) => {
      const [, quoted, , dollars] = literal.exec(token) ?? []
      const text = quoted?.replaceAll("''", "'") ?? dollars
      if (text !== undefined) return text.replaceAll(/%(?:\d+\$)?[-\d*]*[ILs]/g, '*')
      if (token === ',') return ' '
      return token === '|' ? '' : tokens[at - 1] === ',' ? ' *' : '*'
    })
    .join('')
