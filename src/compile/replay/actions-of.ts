import { wordsWithPlaces } from './split-statements.ts'

/**
 * The actions of an ALTER TABLE, each as a statement of its own: what one of them needs is then not missed by the others.
 *
 * @example
 * actionsOf('alter table a add b int, drop c;') // ['alter table a add b int', 'alter table a drop c']
 */
export function actionsOf(statement: string): string[] {
  const words = wordsWithPlaces(statement)
  const keyword = (at: number) => words[at]?.keyword
  if (keyword(0) !== 'alter' || keyword(1) !== 'table') return []
  let name = keyword(2) === 'if' && keyword(3) === 'exists' ? 4 : 2
  if (keyword(name) === 'only') name++
  while (keyword(name + 1) === '.') name += 2
  if (keyword(name + 1) === '*') name++
  const start = words[name]?.end
  if (start === undefined) return []
  const commas = words.filter(({ keyword: word, depth }) => word === ',' && depth === 0)
  const last = words.at(-1)
  const end = last?.keyword === ';' ? last.start : statement.length
  const begins = [start, ...commas.map((comma) => comma.end)]
  const ends = [...commas.map((comma) => comma.start), end]
  return begins.map((begin, at) => `${statement.slice(0, start)} ${statement.slice(begin, ends[at]).trim()}`)
}
