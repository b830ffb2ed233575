import { standInMark } from '../../checks/migrations/stand-ins.ts'
import { type KnownNames, mentionedColumns } from './mentioned-columns.ts'
import { quoteIdentifier } from './quote-identifier.ts'
import { type Word, wordsWithPlaces } from './split-statements.ts'

/** From the first of these words to the last but one. */
interface Range {
  readonly first: number
  readonly end: number
}

/** What ends the type and the default of a column. */
const columnWords = new Set([
  ...['constraint', 'not', 'null', 'default', 'check', 'generated', 'unique', 'primary', 'references'],
  ...['collate', ',', ';'],
])

/** Behind these stands the name of a column, outside of expressions. */
const beforeName = new Set(['(', ',', 'add', 'column', 'exists', 'to'])

/**
 * CREATE TABLE, ALTER TABLE or CREATE DOMAIN with other expressions where something in them is not there: in a CHECK, a
 * DEFAULT or a generated column. Undefined for all others.
 *
 * @param message of Postgres, which rarely says where it is
 * @param known the columns are those besides the statement's own: by them Postgres names a CHECK without a name
 */
export function withStandInExpression(
  statement: string,
  message: string,
  known: KnownNames,
): string | undefined {
  const words = wordsWithPlaces(statement)
  const missing = callsOf(words, message)
  if (missing.size === 0 || !definesColumns(words)) return undefined
  const columns = new Set([...known.columns, ...namesOf(words)])
  let text = ''
  let done = 0
  for (const at of words.keys()) {
    const range = expressionBehind(words, at)
    const start = words[(range?.first ?? 0) - 1]?.end ?? 0
    if (!range || start < done || !holds(range, missing)) continue
    const mentioned = mentionedColumns(words.slice(range.first, range.end), { ...known, columns })
    const isTrue = [mark, ...mentioned.map((name) => `${quoteIdentifier(name)} is null`)].join(' or ')
    const instead = words[at]?.keyword === 'check' ? isTrue : value(isTrue, typeOf(statement, words, at))
    if (instead === undefined) return undefined
    text += `${statement.slice(done, start)}${instead}`
    done = words[range.end]?.start ?? statement.length
  }
  return done === 0 ? undefined : text + statement.slice(done)
}

/** A statement with stand-ins that do not mention this word any more, which is not a column. Undefined where none mentions it. */
export function withoutMention(statement: string, column: string): string | undefined {
  if (!statement.includes(mark)) return undefined
  const text = statement.replaceAll(` or ${quoteIdentifier(column)} is null`, '')
  return text === statement ? undefined : text
}

const mark = `'${standInMark}' is null`

const value = (isTrue: string, type: string | undefined): string | undefined =>
  type === undefined ? undefined : ` (case when ${isTrue} then null::${type} end) `

function holds({ first, end }: Range, places: ReadonlySet<number>): boolean {
  for (let at = first; at < end; at++) if (places.has(at)) return true
  return false
}

/** Where a statement calls the function, or has the operator, that Postgres says it does not have. */
function callsOf(words: readonly Word[], message: string): ReadonlySet<number> {
  const called = /^function (?:.*\.)?([^.(]+)\(.*\) does not exist/s.exec(message)?.[1]
  const operator = /^operator does not exist: [^-+*/<>=~!@#%^&|`?]*([-+*/<>=~!@#%^&|`?]+)/.exec(message)?.[1]
  const isThere = (at: number) => {
    if (called !== undefined) return words[at]?.name === called && words[at + 1]?.keyword === '('
    const signs = operatorAt(words, at)
    // A sign of a number may follow.
    return operator !== undefined && [signs, signs.replace(/(?<=.)[-+]+$/, '')].includes(operator)
  }
  return new Set([...words.keys()].filter(isThere))
}

/** All its signs, at the first of them. */
function operatorAt(words: readonly Word[], at: number): string {
  const isSign = (place: number) => /^[-+*/<>=~!@#%^&|`?]$/.test(words[place]?.keyword ?? '')
  const touches = (place: number) => words[place - 1]?.end === words[place]?.start
  if (!isSign(at) || (isSign(at - 1) && touches(at))) return ''
  let end = at + 1
  while (isSign(end) && touches(end)) end++
  return words
    .slice(at, end)
    .map(({ keyword }) => keyword)
    .join('')
}

/** The names of columns that a statement makes. */
export function columnsIn(statement: string): string[] {
  const words = wordsWithPlaces(statement)
  return definesColumns(words) ? namesOf(words) : []
}

const definesColumns = (words: readonly Word[]): boolean =>
  /^(?:create (?:\w+ ){0,2}table|alter table|create domain) /.test(
    words
      .slice(0, 6)
      .map(({ keyword }) => `${keyword} `)
      .join(''),
  )

const namesOf = (words: readonly Word[]): string[] =>
  words.flatMap(({ depth, name }, at) =>
    name !== undefined && depth < 2 && beforeName.has(words[at - 1]?.keyword ?? '') ? [name] : [],
  )

/** Inside of the parentheses of CHECK and GENERATED ALWAYS AS; what is behind DEFAULT. */
function expressionBehind(words: readonly Word[], at: number): Range | undefined {
  const { keyword, depth } = words[at] ?? { keyword: '', depth: 0 }
  const previous = words[at - 1]?.keyword
  const to = (first: number, ends: (word: Word) => boolean): Range => {
    let end = first
    for (let word = words[end]; word !== undefined && !ends(word); word = words[end]) end++
    return { first, end }
  }
  // The type of a column that is there already is not in the statement.
  if (keyword === 'default' && previous !== 'set') {
    const range = to(
      at + 2,
      (word) => word.depth < depth || (word.depth === depth && columnWords.has(word.keyword)),
    )
    return { ...range, first: at + 1 }
  }
  const isGenerated = keyword === 'as' && previous === 'always'
  if ((keyword !== 'check' && !isGenerated) || words[at + 1]?.keyword !== '(') return undefined
  return to(at + 2, (word) => word.keyword === ')' && word.depth === depth)
}

/** The type of the column, or the domain, whose clause begins there. */
function typeOf(statement: string, words: readonly Word[], clause: number): string | undefined {
  const depth = words[clause]?.depth ?? 0
  const start = nameBefore(words, clause, depth) + 1
  const isType = words[1]?.keyword === 'domain' && words[start]?.keyword === 'as' ? start + 1 : start
  const end = words.findIndex(
    (word, at) => at > isType && word.depth === depth && columnWords.has(word.keyword),
  )
  return start === 0 || end < 0 ? undefined : statement.slice(words[isType]?.start, words[end]?.start).trim()
}

/** Where the name of that column or domain is; -1 where it is not in the statement. */
function nameBefore(words: readonly Word[], clause: number, depth: number): number {
  const keyword = (at: number) => words[at]?.keyword
  if (keyword(1) === 'domain') {
    let name = 2
    while (keyword(name + 1) === '.') name += 2
    return name
  }
  const before = words.slice(0, clause)
  const first =
    before.findLastIndex((word) => word.depth < depth || (word.depth === depth && word.keyword === ',')) + 1
  if (depth > 0) return first
  const add = before.findIndex((word, at) => at >= first && word.keyword === 'add')
  if (add < 0) return -1
  const behind = keyword(add + 1) === 'column' ? add + 2 : add + 1
  return keyword(behind) === 'if' && keyword(behind + 1) === 'not' ? behind + 3 : behind
}
