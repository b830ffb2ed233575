/**
 * The name of the table that a statement has at one place, `table` or `schema.table`.
 *
 * @param words of the statement, in lower case
 * @param start where the name begins, or the ONLY before it
 */
export function tableNameAt(words: readonly string[], start: number): string {
  const at = words[start] === 'only' ? start + 1 : start
  const [first = '', dot, second] = words.slice(at, at + 3)
  return dot === '.' ? `${first}.${second}` : first
}
