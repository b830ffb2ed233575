/** The beginning of a statement, in one line. @param length characters [120] */
export function shortStatement(statement: string, length = 120): string {
  const text = statement.replaceAll(/\s+/g, ' ').trim()
  return text.length > length ? `${text.slice(0, length)}…` : text
}
