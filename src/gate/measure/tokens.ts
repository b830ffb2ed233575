import { tokenAt } from '../../compile/replay/split-statements.ts'

/** The tokens of a statement that mean something: no white space, no comments. */
export function tokensOf(sql: string): string[] {
  const tokens: string[] = []
  for (let at = 0; at < sql.length; ) {
    const text = tokenAt(sql, at)
    at += text.length
    if (!/^(?:\s|--|\/\*)/.test(text)) tokens.push(text)
  }
  return tokens
}
