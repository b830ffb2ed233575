const identifier = String.raw`(?:"(?:[^"]|"")*"|[\p{L}_][\p{L}\p{N}_$]*)`

/** A literal, and whether it is the name of an object; or identifiers with dots between, and whether a parenthesis follows. */
const token = new RegExp(String.raw`'((?:[^']|'')*)'(::reg)?|(${identifier}(?:\.${identifier})*)(\(?)`, 'gu')
const identifiers = new RegExp(identifier, 'gu')

/**
 * The names in a statement that Postgres has printed, exactly as it quotes them: of `a.b.c(` there are `a`, `b`, `c`, `a.b`, `b.c`,
 * `a.b.c`, and each that ends before the parenthesis once more with it. Texts in quotes have none, unless they are cast to regclass or such.
 */
export function namesIn(statement: string, names = new Set<string>()): Set<string> {
  for (const match of statement.matchAll(token)) {
    const { 1: literal = '', 2: isObject, 3: name, 4: parenthesis = '', index } = match
    if (isObject) namesIn(literal.replaceAll("''", "'"), names)
    const words = name?.match(identifiers) ?? []
    // A type of Postgres itself: with an empty search_path, every other has its schema before it.
    if (words.length === 1 && statement.endsWith('::', index)) continue
    for (let from = 0; from < words.length; from++) {
      for (let to = from + 1; to <= words.length; to++) names.add(words.slice(from, to).join('.'))
      if (parenthesis) names.add(`${words.slice(from).join('.')}(`)
    }
  }
  return names
}
