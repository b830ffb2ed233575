import { tokensOf } from '../compile/replay/split-statements.ts'

interface Syntax {
  readonly name: string
  /** `server_version_num` of the first Postgres that knows it. */
  readonly since: number
  readonly isUsed: (words: string) => boolean
}

/** What came after Postgres 15 and migrations use; the embedded Postgres is 18 and accepts all of it (release notes). */
const syntaxes: readonly Syntax[] = [
  {
    name: 'a generated column without STORED',
    since: 180000,
    isUsed: (words) => hasVirtualColumn(words.split(' ')),
  },
  { name: 'NOT ENFORCED', since: 180000, isUsed: (words) => /\bnot enforced\b/.test(words) },
  { name: 'WITHOUT OVERLAPS', since: 180000, isUsed: (words) => /\bwithout overlaps\b/.test(words) },
  { name: 'uuidv7()', since: 180000, isUsed: (words) => /\buuidv7 \(/.test(words) },
  {
    name: 'NOT NULL … NOT VALID',
    since: 180000,
    isUsed: (words) => /\badd (?:constraint \S+ )?not null \S+ not valid\b/.test(words),
  },
  { name: 'MERGE … RETURNING', since: 170000, isUsed: (words) => /^merge\b.*\breturning\b/.test(words) },
  { name: 'JSON_TABLE', since: 170000, isUsed: (words) => /\bjson_table \(/.test(words) },
]

/**
 * What of a statement an older server refuses; undefined where it knows all of it.
 *
 * @param own functions of the application, `schema.name(arguments)`: it may have made itself what its server has not
 */
export function newerSyntax(
  sql: string,
  serverVersion: number,
  own: readonly string[] = [],
): string | undefined {
  const words = tokensOf(sql)
    .map((token) => (/^['"$]/.test(token) ? 'x' : token.toLowerCase()))
    .join(' ')
  const newer = syntaxes.filter(({ since }) => serverVersion > 0 && serverVersion < since)
  return newer.find(({ name, isUsed }) => isUsed(words) && !own.some((each) => each.endsWith(`.${name}`)))
    ?.name
}

/** Whether an expression of a generated column is not followed by STORED. */
function hasVirtualColumn(words: readonly string[]): boolean {
  return words.some((word, at) => {
    if (word !== 'generated' || words.slice(at, at + 4).join(' ') !== 'generated always as (') return false
    let depth = 1
    let end = at + 4
    for (; end < words.length && depth > 0; end++) {
      if (words[end] === '(') depth++
      else if (words[end] === ')') depth--
    }
    return words[end] !== 'stored'
  })
}
