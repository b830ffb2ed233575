/**
 * Whether a whole text is as the pattern says, in which `*` stands for any characters and everything else for itself.
 *
 * @example createWildcard('public.hdb_*')('public.hdb_catalog')
 */
export function createWildcard(pattern: string): (text: string) => boolean {
  const literals = pattern.split('*').map((literal) => literal.replaceAll(/[\\^$.|?+()[\]{}]/g, '\\$&'))
  const expression = new RegExp(`^${literals.join('.*')}$`, 's')
  return (text) => expression.test(text)
}
