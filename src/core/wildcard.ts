/**
 * Whether a whole text is as the pattern says, in which `*` stands for any characters and everything else for itself.
 * Without a regular expression, whose time grows with every further `*` by a power.
 *
 * @example createWildcard('public.hdb_*')('public.hdb_catalog')
 */
export function createWildcard(pattern: string): (text: string) => boolean {
  const [first = '', ...others] = pattern.split('*')
  const last = others.pop()
  if (last === undefined) return (text) => text === pattern
  return (text) => {
    if (!text.startsWith(first)) return false
    let at = first.length
    for (const literal of others) {
      const found = text.indexOf(literal, at)
      if (found < 0) return false
      at = found + literal.length
    }
    return text.length - last.length >= at && text.endsWith(last)
  }
}
