import type { NotComparable } from '../../checks/migrations/expected-schema.ts'
import { type Database, isDatabaseError } from './database.ts'
import { quoteIdentifier } from './quote-identifier.ts'
import { splitStatements, tokenAt } from './split-statements.ts'

/** What the replay has to do without, because the embedded Postgres has no such extension. Filled as it goes. */
export interface Missing {
  readonly extensions: string[]
  /** Names of their types, each a domain over text in the replay. */
  readonly types: string[]
  /** What statements that were left out would have made. */
  readonly objects: NotComparable[]
}

/**
 * What to run instead of a part that needs an extension which is not there, so that the rest is still replayed. Undefined
 * when it stops for another reason, or when what it would make cannot be named: then nothing may be passed over.
 */
export async function withoutExtension(
  database: Database,
  missing: Missing,
  parts: readonly string[],
  at: number,
  error: unknown,
): Promise<readonly string[] | undefined> {
  const part = parts[at]
  if (part === undefined || !isDatabaseError(error)) return undefined
  const extension = /^extension "(.+)" is not available$/.exec(error.message)?.[1]
  if (extension === undefined && missing.extensions.length === 0) return undefined
  const statements = splitStatements(part)
  if (extension !== undefined) {
    if (statements.length > 1) return parts.toSpliced(at, 1, ...statements)
    if (!missing.extensions.includes(extension)) missing.extensions.push(extension)
    return parts.toSpliced(at, 1)
  }
  const type = /^type (?:modifier is not allowed for type )?"(.+?)(?:\[\])*"(?: does not exist)?$/.exec(
    error.message,
  )?.[1]
  if (type !== undefined)
    return (await standIn(database, missing, type, error.code)) ? withoutModifiers(parts, missing) : undefined
  if (!needsWhatIsMissing.has(error.code)) return undefined
  if (statements.length > 1) return parts.toSpliced(at, 1, ...statements)
  const made = madeBy(part)
  if (!made) return undefined
  missing.objects.push(made)
  return parts.toSpliced(at, 1)
}

/** 42704 undefined_object (an operator class), 42883 undefined_function (a function or an operator). */
const needsWhatIsMissing = new Set(['42704', '42883'])

/** Makes a domain in the place of a type. Whether there is one now that was not there before. */
async function standIn(database: Database, missing: Missing, type: string, code: string): Promise<boolean> {
  if (missing.types.includes(type)) return false
  missing.types.push(type)
  // 42704: it does not exist. The other complaint is about one that a prelude made.
  if (code === '42704') {
    const name = type.split('.').map(quoteIdentifier).join('.')
    await database.exec(`create domain ${name} as text`)
  }
  return true
}

/** The texts with `geometry` for `geometry(point, 4326)`: a domain takes no modifiers. */
export function withoutModifiers(parts: readonly string[], { types }: Missing): readonly string[] {
  if (types.length === 0) return parts
  const names = new Set(types.map((type) => type.slice(type.lastIndexOf('.') + 1).toLowerCase()))
  return parts.map((sql) => {
    let text = ''
    let depth = 0
    let isAfterType = false
    for (let at = 0; at < sql.length; ) {
      const token = tokenAt(sql, at)
      at += token.length
      if (depth > 0) {
        depth += token === '(' ? 1 : token === ')' ? -1 : 0
        continue
      }
      if (isAfterType && token === '(') {
        depth = 1
        isAfterType = false
        continue
      }
      if (token.trim() !== '') isAfterType = names.has(token.replaceAll('"', '').toLowerCase())
      text += token
    }
    return text
  })
}

const identifier = '(?:"(?:[^"]|"")+"|[\\w$]+)'
const qualified = `(?:(?<schema>${identifier})\\s*\\.\\s*)?`
const makers: readonly (readonly [kind: NotComparable['kind'], statement: RegExp])[] = [
  [
    'index',
    new RegExp(
      `^create\\s+(?:unique\\s+)?index\\s+(?:concurrently\\s+)?(?:if\\s+not\\s+exists\\s+)?(?<name>${identifier})\\s+on\\s+(?:only\\s+)?${qualified}${identifier}`,
      'i',
    ),
  ],
  ['view', new RegExp(`^create\\s+(?:or\\s+replace\\s+)?view\\s+${qualified}(?<name>${identifier})`, 'i')],
  [
    'constraint',
    new RegExp(
      `^alter\\s+table\\s+(?:only\\s+)?${qualified}(?<table>${identifier})\\s+add\\s+constraint\\s+(?<name>${identifier})`,
      'i',
    ),
  ],
]

/** The object that a statement makes, where its text names it. */
function madeBy(statement: string): NotComparable | undefined {
  for (const [kind, pattern] of makers) {
    const groups = pattern.exec(statement.trim())?.groups
    if (!groups) continue
    const { schema = 'public', table, name = '' } = groups
    const names = [schema, ...(table === undefined ? [] : [table]), name]
    return { kind, object: names.map(asWritten).join('.'), difference: 'extra' }
  }
  return undefined
}

/** A name as Postgres keeps it: folded to lower case unless it is quoted. */
function asWritten(name: string): string {
  return name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name.toLowerCase()
}

/** All that cannot be known of the database, after the replay. */
export async function notComparable(
  database: Database,
  { extensions, types, objects }: Missing,
): Promise<NotComparable[]> {
  if (extensions.length === 0) return []
  const { rows } = await database.query(
    `select concat_ws('.', n.nspname, c.relname, a.attname) as name from pg_attribute a
    join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace join pg_type t on t.oid = a.atttypid
    where a.attnum > 0 and not a.attisdropped and c.relkind in ('r', 'p', 'v', 'm', 'f')
      and (t.typname = any($1) or t.typelem in (select oid from pg_type where typname = any($1)))
    order by concat_ws('.', n.nspname, c.relname, a.attname) collate "C"`,
    [types.map((type) => type.slice(type.lastIndexOf('.') + 1))],
  )
  return [
    ...extensions.map((object): NotComparable => ({ kind: 'extension', object, difference: 'extra' })),
    ...rows.map(
      ({ name }): NotComparable => ({ kind: 'column', object: String(name), difference: 'changed' }),
    ),
    ...objects,
  ]
}
