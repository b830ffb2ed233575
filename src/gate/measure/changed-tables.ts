import { tokensOf } from '../../compile/replay/split-statements.ts'

const identifier = /^(?:"(?:[^"]|"")+"|[a-z_\u0080-\uffff][\w$\u0080-\uffff]*)$/i

/**
 * Names of the tables whose rows a statement changes by its text, unquoted and with the schema where it has one. A second
 * statement that changes a table in the same transaction takes no new lock, so the locks do not show it.
 */
export function changedTables(sql: string): ReadonlySet<string> {
  const names = new Set<string>()
  const tokens = tokensOf(sql)
  for (let at = 0; at < tokens.length; at++) {
    const word = tokens[at]?.toLowerCase() ?? ''
    // The body of a DO block or a function is one dollar-quoted token.
    if (/^\$[^$]*\$/.test(word) && word.length > 4) {
      for (const name of changedTables(bodyOf(tokens[at] ?? ''))) names.add(name)
    }
    const next = tokens[at + 1]?.toLowerCase()
    const starts =
      word === 'update'
        ? at + 1
        : (word === 'insert' || word === 'merge') && next === 'into'
          ? at + 2
          : word === 'delete' && next === 'from'
            ? at + 2
            : -1
    if (starts >= 0) names.add(nameAt(tokens, starts))
  }
  names.delete('')
  return names
}

const bodyOf = (quoted: string): string => {
  const tag = quoted.slice(0, quoted.indexOf('$', 1) + 1)
  return quoted.slice(tag.length, -tag.length)
}

function nameAt(tokens: readonly string[], start: number): string {
  const at = tokens[start]?.toLowerCase() === 'only' ? start + 1 : start
  const [first = '', dot, second = ''] = tokens.slice(at, at + 3)
  if (!identifier.test(first)) return ''
  return dot === '.' && identifier.test(second) ? `${plain(first)}.${plain(second)}` : plain(first)
}

/** A name as Postgres keeps it. */
const plain = (name: string): string =>
  name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name.toLowerCase()
