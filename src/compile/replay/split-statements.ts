/**
 * One token of Postgres's lexer, as far as it decides where a statement ends
 * (https://www.postgresql.org/docs/current/sql-syntax-lexical.html).
 */
const token =
  /--[^\n]*|\/\*|e'(?:[^'\\]|\\[\s\S]|'')*'|'(?:[^']|'')*'|"(?:[^"]|"")*"|\$(?:[a-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$|[a-z_\u0080-\uffff][\w$\u0080-\uffff]*|\s+|[\s\S]/giy

/** The statements of a text, each with its semicolon and the comments before it; what is only comments is left out. */
export function splitStatements(sql: string): string[] {
  const statements: string[] = []
  let start = 0
  let parentheses = 0
  // In the body of a function between BEGIN ATOMIC and its END, semicolons end nothing.
  let blocks = 0
  let previous = ''
  let isEmpty = true
  const end = (at: number) => {
    if (!isEmpty) statements.push(sql.slice(start, at).trim())
    start = at
    isEmpty = true
    previous = ''
    parentheses = 0
    blocks = 0
  }
  for (let at = 0; at < sql.length; ) {
    const text = tokenAt(sql, at)
    at += text.length
    if (isNoise(text)) continue
    const word = text.toLowerCase()
    if (word === '(') parentheses++
    else if (word === ')') parentheses--
    else if ((word === 'atomic' && previous === 'begin') || (word === 'case' && blocks > 0)) blocks++
    else if (word === 'end' && blocks > 0) blocks--
    if (word === ';' && parentheses <= 0 && blocks === 0) end(at)
    else {
      isEmpty = false
      previous = word
    }
  }
  end(sql.length)
  return statements
}

/** Comments nest, and a dollar quote ends with its own tag: neither is a matter of a regular expression. */
export function tokenAt(sql: string, at: number): string {
  token.lastIndex = at
  const text = token.exec(sql)?.[0] ?? sql.slice(at)
  if (text === '/*') return sql.slice(at, endOfComment(sql, at))
  if (text.length < 2 || !text.startsWith('$')) return text
  const close = sql.indexOf(text, at + text.length)
  return sql.slice(at, close < 0 ? sql.length : close + text.length)
}

function endOfComment(sql: string, at: number): number {
  let depth = 0
  for (const match of sql.slice(at).matchAll(/\/\*|\*\//g)) {
    depth += match[0] === '/*' ? 1 : -1
    if (depth === 0) return at + match.index + 2
  }
  return sql.length
}

const dataWord = /^(?:insert|update|delete|merge|copy)\b/i
const dataInside = /\b(?:insert\s+into|update|delete\s+from|merge\s+into)\b/i

/** Whether a statement changes rows and nothing else: a schema does not need it. */
export function isDataStatement(statement: string): boolean {
  const text = withoutComments(statement)
  return dataWord.test(text) || (/^with\b/i.test(text) && dataInside.test(text))
}

/** Spaces and comments. */
export const isNoise = (token: string): boolean => /^(?:\s|--|\/\*)/.test(token)

/** The statement from its first word on. */
export function withoutComments(statement: string): string {
  let at = 0
  while (at < statement.length) {
    const text = tokenAt(statement, at)
    if (!isNoise(text)) break
    at += text.length
  }
  return statement.slice(at)
}

/** Those of its statements that stay; the text itself where none goes. */
export function withoutStatements(sql: string, goes: (statement: string) => boolean): readonly string[] {
  const statements = splitStatements(sql)
  const others = statements.filter((statement) => !goes(statement))
  return others.length === statements.length ? [sql] : others
}

/** The tokens that mean something: no white space, no comments. */
export function tokensOf(sql: string): string[] {
  const tokens: string[] = []
  for (let at = 0; at < sql.length; ) {
    const text = tokenAt(sql, at)
    at += text.length
    if (!isNoise(text)) tokens.push(text)
  }
  return tokens
}

/** In lower case. */
export function firstWord(statement: string): string {
  return tokenAt(withoutComments(statement), 0).toLowerCase()
}

/** A token that means something, where it stands, and in how many parentheses; those themselves are outside of them. */
export interface Word {
  /** In lower case; empty where it is in double quotes, because it then is a name only. */
  readonly keyword: string
  /** The name as Postgres keeps it; undefined for all that cannot be one. */
  readonly name: string | undefined
  readonly start: number
  readonly end: number
  readonly depth: number
}

export function wordsWithPlaces(sql: string): Word[] {
  const words: Word[] = []
  let depth = 0
  for (let start = 0; start < sql.length; ) {
    const text = tokenAt(sql, start)
    const end = start + text.length
    if (text === ')') depth--
    if (!isNoise(text)) {
      const isQuoted = text.startsWith('"')
      const keyword = isQuoted ? '' : text.toLowerCase()
      const name = isQuoted ? text.slice(1, -1).replaceAll('""', '"') : keyword
      words.push({ keyword, name: /^["\p{L}_]/u.test(text) ? name : undefined, start, end, depth })
    }
    if (text === '(') depth++
    start = end
  }
  return words
}

/** Words and signs of a statement in lower case, names without their quotes, each with how deep in parentheses it is. */
export function wordsOf(statement: string): { readonly word: string; readonly depth: number }[] {
  const words: { word: string; depth: number }[] = []
  let depth = 0
  for (const token of tokensOf(statement)) {
    if (/^(?:e?'|\$\w*\$)/i.test(token)) continue
    if (token === ')') depth--
    words.push({ word: token.startsWith('"') ? token.slice(1, -1) : token.toLowerCase(), depth })
    if (token === '(') depth++
  }
  return words
}
