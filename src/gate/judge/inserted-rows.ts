import { wordsOf } from '../../compile/replay/split-statements.ts'
import { tableNameAt } from '../pending/table-name.ts'

/** What an INSERT, or a MERGE, adds by its text. */
export interface Inserted {
  /** The table as the statement names it, `table` or `schema.table`. */
  readonly table: string
  /** How many rows; undefined where they come from other tables. */
  readonly rows: number | undefined
  /** The tables that it reads, as the statement names them. */
  readonly sources: readonly string[]
  /** Of a MERGE: it changes rows that are there too. */
  readonly changes?: true
}

type Words = ReturnType<typeof wordsOf>

/** @returns undefined for a statement that changes existing rows, or may change them, and adds none */
export function insertedBy(sql: string): Inserted | undefined {
  const words = wordsOf(sql)
  if (words[0]?.word === 'merge') return mergedBy(words)
  if (words[0]?.word !== 'insert' || words[1]?.word !== 'into') return undefined
  const table = nameAt(words, 2)
  const behind = words.slice(words[3]?.word === '.' ? 5 : 3)
  const source = sourceIn(behind, 0) ?? sourceIn(behind, 1)
  if (!source) return undefined
  if (source.word === 'values') return { table, rows: countRows(words, source), sources: [] }
  if (source.word === 'table')
    return { table, rows: undefined, sources: [nameAt(words, words.indexOf(source) + 1)] }
  const outer = behind.slice(behind.indexOf(source)).filter(({ depth }) => depth === source.depth)
  const isRead = outer.some(({ word }) => word === 'from')
  // INSERT … SELECT 1 WHERE NOT EXISTS (…): a row for each SELECT.
  const rows = isRead ? undefined : outer.filter(({ word }) => word === 'select').length
  return { table, rows, sources: isRead ? sourcesOf(words) : [] }
}

/** As many as the larger of target and source has: a row of the source changes one of the target, or is added. */
function mergedBy(words: Words): Inserted | undefined {
  const outer = words.filter(({ depth }) => depth === 0)
  const using = outer.find(({ word }) => word === 'using')
  if (!using || !outer.some(({ word }) => word === 'insert')) return undefined
  const table = nameAt(words, 2)
  const source = nameAt(words, words.indexOf(using) + 1)
  return {
    ...{ table, rows: undefined, changes: true },
    sources: [table, ...(source === '(' ? sourcesOf(words) : [source])],
  }
}

/** Where its rows come from. They may be in parentheses, as the names of its columns are. */
const sourceIn = (words: Words, inside: number): Words[number] | undefined =>
  words.find(({ word, depth }) => depth === inside && /^(?:values|select|table)$/.test(word))

/** `VALUES (…), (…)`: counts the parentheses up to the next word outside of them. `DEFAULT VALUES` is one row. */
function countRows(words: Words, values: Words[number]): number {
  const behind = words.slice(words.indexOf(values) + 1)
  let rows = 0
  for (const { word, depth } of behind) {
    if (depth > values.depth || word === ')' || word === ',') continue
    if (word !== '(') break
    rows++
  }
  return Math.max(1, rows)
}

/** What comes behind the tables of a FROM. */
const endsFrom =
  /^(?:where|group|having|window|order|limit|offset|fetch|for|union|intersect|except|select|conflict|returning)$/

/** Behind each FROM and JOIN, and behind the commas of a FROM. */
function sourcesOf(words: Words): string[] {
  const sources = new Set<string>()
  const lists = new Set<number>()
  for (const [at, { word, depth }] of words.entries()) {
    if (word === 'from') lists.add(depth)
    else if (word === ')') lists.delete(depth + 1)
    else if (endsFrom.test(word)) lists.delete(depth)
    if (word === 'from' || word === 'join' || (word === ',' && lists.has(depth)))
      sources.add(nameAt(words, at + 1))
  }
  return [...sources]
}

const nameAt = (words: Words, start: number): string =>
  tableNameAt(
    words.map(({ word }) => word),
    start,
  )
