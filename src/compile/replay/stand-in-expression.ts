import { standInMark } from '../../checks/migrations/stand-ins.ts'
import { type Word, wordsWithPlaces } from './split-statements.ts'

interface Range {
  readonly start: number
  readonly end: number
}

/** What ends the type and the default of a column. */
const columnWords = new Set([
  ...['constraint', 'not', 'null', 'default', 'check', 'generated', 'unique', 'primary', 'references'],
  ...['collate', ',', ';'],
])

/** Behind these stands the name of a column, outside of expressions. */
const beforeName = new Set(['(', ',', 'add', 'column', 'exists', 'domain'])

/**
 * CREATE TABLE, ALTER TABLE or CREATE DOMAIN with another expression where something in it is not there: in a CHECK, a
 * DEFAULT or a generated column. Undefined for all others.
 *
 * @param message of Postgres, which rarely says where it is
 * @param columns names that may be columns, besides those of the statement: by them Postgres names a CHECK without a name
 */
export function withStandInExpression(
  statement: string,
  message: string,
  columns: Iterable<string>,
): string | undefined {
  const tokens = wordsWithPlaces(statement)
  const missing = named(message)
  if (!missing || !definesColumns(tokens)) return undefined
  for (const at of tokens.keys()) {
    const range = expressionBehind(tokens, at)
    if (!range || !missing.test(statement.slice(range.start, range.end))) continue
    const instead =
      tokens[at]?.word === 'check'
        ? check(tokens, range, new Set([...columns, ...namesOf(tokens)]))
        : value(typeOf(statement, tokens, at))
    return instead && `${statement.slice(0, range.start)}${instead}${statement.slice(range.end)}`
  }
  return undefined
}

/** A call of the function, or the operator, that Postgres says it does not have. */
function named(message: string): RegExp | undefined {
  const name = /^function (?:.*\.)?([^.(]+)\(.*\) does not exist/s.exec(message)?.[1]
  if (name !== undefined) return new RegExp(`(?<![\\w$])"?${escaped(name)}"?\\s*\\(`, 'i')
  const operator = /^operator does not exist: [^-+*/<>=~!@#%^&|`?]*([-+*/<>=~!@#%^&|`?]+)/.exec(message)?.[1]
  return operator === undefined ? undefined : new RegExp(escaped(operator))
}

const escaped = (text: string): string => text.replaceAll(/\W/g, String.raw`\$&`)

/** The names of columns that a statement makes. */
export function columnsIn(statement: string): string[] {
  const tokens = wordsWithPlaces(statement)
  return definesColumns(tokens) ? namesOf(tokens) : []
}

const definesColumns = (tokens: readonly Word[]): boolean =>
  /^(?:create (?:\w+ ){0,2}table|alter table|create domain) /.test(
    tokens
      .slice(0, 6)
      .map(({ word }) => `${word} `)
      .join(''),
  )

const namesOf = (tokens: readonly Word[]): string[] =>
  tokens
    .filter(({ depth, isName }, at) => isName && depth < 2 && beforeName.has(tokens[at - 1]?.word ?? ''))
    .map(({ word }) => word)

const mark = `'${standInMark}' is null`

/** It mentions the same columns. */
function check(tokens: readonly Word[], { start, end }: Range, columns: ReadonlySet<string>): string {
  const inside = tokens.filter((token) => token.start >= start && token.end <= end)
  const mentioned = inside.filter(({ word }, at) => columns.has(word) && inside[at + 1]?.word !== '(')
  const names = new Set(mentioned.map(({ word }) => `"${word.replaceAll('"', '""')}" is null`))
  return [mark, ...names].join(' or ')
}

const value = (type: string | undefined): string | undefined =>
  type === undefined ? undefined : ` (case when ${mark} then null::${type} end) `

/** Inside of the parentheses of CHECK and GENERATED ALWAYS AS; what is behind DEFAULT. */
function expressionBehind(tokens: readonly Word[], at: number): Range | undefined {
  const { word, depth, end: behind } = tokens[at] ?? { word: '', depth: 0, end: 0 }
  const previous = tokens[at - 1]?.word
  const ends = (holds: (token: Word) => boolean) =>
    tokens.find((token, index) => index > at + 1 && holds(token))?.start ?? tokens.at(-1)?.end ?? behind
  // The type of a column that is there already is not in the statement.
  if (word === 'default' && previous !== 'set')
    return {
      start: behind,
      end: ends((token) => token.depth < depth || (token.depth === depth && columnWords.has(token.word))),
    }
  const open = tokens[at + 1]
  if ((word !== 'check' && !(word === 'as' && previous === 'always')) || open?.word !== '(') return undefined
  return { start: open.end, end: ends((token) => token.word === ')' && token.depth === depth) }
}

/** The type of the column, or the domain, whose clause begins there. */
function typeOf(statement: string, tokens: readonly Word[], clause: number): string | undefined {
  const depth = tokens[clause]?.depth
  const name = tokens.findLastIndex(
    (token, at) =>
      at < clause &&
      token.depth === depth &&
      beforeName.has(tokens[at - 1]?.word ?? '') &&
      !beforeName.has(token.word),
  )
  const end = tokens.find(
    (token, at) => at > name + 1 && token.depth === depth && columnWords.has(token.word),
  )
  const start = tokens[name + 1]?.start
  if (name < 0 || start === undefined || end === undefined) return undefined
  return statement.slice(start, end.start).replace(/^as\s/i, '').trim()
}
