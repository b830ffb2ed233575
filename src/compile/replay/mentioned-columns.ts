import type { Word } from './split-statements.ts'

/** What is known of names in a statement, besides what it says itself. */
export interface KnownNames {
  /** Names that may be columns. */
  readonly columns: ReadonlySet<string>
  /** Words that are only a column when they have quotes. */
  readonly reserved: ReadonlySet<string>
}

/** The columns that an expression mentions, each once. Of a word that may be one or not, Postgres then says that it is not there. */
export function mentionedColumns(expression: readonly Word[], { columns, reserved }: KnownNames): string[] {
  const names = expression.flatMap(({ name, keyword }, at) => {
    if (name === undefined || !columns.has(name) || reserved.has(keyword)) return []
    return isInPlaceOfColumn(expression, at) ? [name] : []
  })
  return [...new Set(names)]
}

/** Not a function, a schema, a table, a field of a composite, the name of an argument, a type, or a part of a longer term. */
function isInPlaceOfColumn(words: readonly Word[], at: number): boolean {
  const keyword = (place: number) => words[place]?.keyword ?? ''
  const next = keyword(at + 1)
  if (next === '(' || next === '.' || next.includes("'")) return false
  if (next === '=' && keyword(at + 2) === '>') return false
  let first = at
  while (keyword(first - 1) === '.' && words[first - 2]?.name !== undefined) first -= 2
  const previous = keyword(first - 1)
  if (previous === '.' || previous === 'as' || (previous === ':' && keyword(first - 2) === ':')) return false
  const isUnit = keyword(at) !== '' && previous === '(' && keyword(first - 2) === 'extract'
  return !isUnit && !(/^(?:time|zone)$/.test(keyword(at)) && /^(?:at|with|without|time)$/.test(previous))
}
