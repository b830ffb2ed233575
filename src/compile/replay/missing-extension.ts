import { isDeepStrictEqual } from 'node:util'
import type { NotComparable } from '../../checks/migrations/expected-schema.ts'
import { actionsOf } from './actions-of.ts'
import { type Database, type DatabaseError, isDatabaseError } from './database.ts'
import { firstUserOid } from './first-user-oid.ts'
import { madeBy } from './made-by.ts'
import { quoteIdentifier } from './quote-identifier.ts'
import { firstWord, splitStatements, tokenAt } from './split-statements.ts'
import { withoutSqlBody } from './sql-body.ts'
import { columnsIn, withoutMention, withStandInExpression } from './stand-in-expression.ts'

/**
 * What the replay has to do without, because the embedded Postgres has no such extension, or the statement that makes it is left
 * out. Filled as it goes.
 */
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
  const column =
    error.code === '42703' ? /^column "(.+)" does not exist$/s.exec(error.message)?.[1] : undefined
  const corrected = column === undefined ? undefined : withoutMention(part, column)
  if (corrected !== undefined) return parts.toSpliced(at, 1, corrected)
  const type = missingType(error.message)
  if (type !== undefined) return withStandIn(database, missing, parts, at, { type, code: error.code })
  const about = aboutWhatIsMissing(missing, error)
  if (extension === undefined && about === undefined) return undefined
  const statements = splitStatements(part)
  if (statements.length > 1) return parts.toSpliced(at, 1, ...statements)
  if (extension !== undefined) {
    if (!missing.extensions.includes(extension)) missing.extensions.push(extension)
    await trustFunctions(database, missing)
    return parts.toSpliced(at, 1)
  }
  const stub =
    about === 'call'
      ? (withoutSqlBody(part) ?? (await withoutExpression(database, parts, part, error)))
      : undefined
  if (stub !== undefined) return parts.toSpliced(at, 1, stub)
  const actions = about === 'call' ? actionsOf(part) : []
  if (actions.length > 1) return parts.toSpliced(at, 1, ...actions)
  return passOver(missing, part, about ?? 'call', namedIn(error.message)) ? parts.toSpliced(at, 1) : undefined
}

async function withoutExpression(
  database: Database,
  parts: readonly string[],
  part: string,
  { message }: DatabaseError,
): Promise<string | undefined> {
  const { rows } = await database.query(
    `select attname as name, false as "isReserved" from pg_attribute where attnum > 0 and attrelid >= $1
    union select word, true from pg_get_keywords() where catcode in ('R', 'T')`,
    [firstUserOid],
  )
  const names = (isReserved: boolean) =>
    rows.filter((row) => row['isReserved'] === isReserved).map(({ name }) => String(name))
  return withStandInExpression(part, message, {
    columns: new Set([...names(false), ...parts.flatMap(splitStatements).flatMap(columnsIn)]),
    reserved: new Set(names(true)),
  })
}

/** What is left out on request is missed as what the embedded Postgres does not have, unless it is there all the same. */
export async function goWithout(
  database: Database,
  missing: Missing,
  extensions: readonly string[],
): Promise<void> {
  const { rows } = await database.query('select extname as name from pg_extension')
  const there = [...rows.map(({ name }) => name), ...missing.extensions]
  missing.extensions.push(...extensions.filter((extension) => !there.includes(extension)))
  await trustFunctions(database, missing)
}

/** The bodies of functions are compared as they are written: what they call need not be there. */
export async function trustFunctions(database: Database, { extensions }: Missing): Promise<void> {
  if (extensions.length > 0) await database.exec('set check_function_bodies = off')
}

function missingType(message: string): string | undefined {
  const quoted = /^type (?:modifier is not allowed for type )?"(.+?)(?:\[\])*"(?: does not exist)?$/.exec(
    message,
  )
  // PL/pgSQL says it without quotes.
  return (quoted ?? /^type ([\w$.]+?)(?:\[\])* does not exist$/.exec(message))?.[1]
}

/** A domain in the place of a type. */
async function withStandIn(
  database: Database,
  missing: Missing,
  parts: readonly string[],
  at: number,
  { type, code }: { readonly type: string; readonly code: string },
): Promise<readonly string[] | undefined> {
  if (missing.types.includes(type)) return undefined
  missing.types.push(type)
  // 42704: it does not exist. The other complaint is about one that a prelude made.
  if (code !== '42704') return withoutModifiers(parts, missing)
  const domain = `create domain ${type.split('.').map(quoteIdentifier).join('.')} as text`
  try {
    await database.exec(domain)
    return withoutModifiers(parts, missing)
  } catch {
    // The script makes the schema itself, and it was undone.
    return withoutModifiers(parts.toSpliced(at, 1, `${domain};\n${parts[at]}`), missing)
  }
}

/** The last part of the first name in what Postgres says. */
function namedIn(message: string): string {
  const name = /"((?:[^"]|"")+)"/.exec(message)?.[1] ?? ''
  return name.slice(name.lastIndexOf('.') + 1)
}

/**
 * `call`: an operator class, a function or an operator is not there (42704 undefined_object, 42883 undefined_function).
 * `left out`: what is not there was passed over before.
 */
function aboutWhatIsMissing(
  { extensions, objects }: Missing,
  { code, message }: DatabaseError,
): 'call' | 'left out' | undefined {
  const name = namedIn(message)
  const isLeftOut =
    objects.some(({ object, difference }) => difference === 'extra' && object.endsWith(`.${name}`)) ||
    (message.startsWith('extension ') && extensions.includes(name))
  if (name !== '' && isLeftOut && /^42(?:P01|704|703)$/.test(code)) return 'left out'
  return code === '42704' || code === '42883' ? 'call' : undefined
}

/** Whether it is known what is then missing: it is noted. */
function passOver({ objects }: Missing, part: string, about: 'call' | 'left out', name: string): boolean {
  const made = madeBy(part)
  if (made) {
    if (!objects.some((other) => isDeepStrictEqual(other, made))) objects.push(made)
    return true
  }
  if (about !== 'left out' || !changes.test(firstWord(part))) return false
  const at = objects.findIndex(({ object }) => object.endsWith(`.${name}`))
  const [found] = at < 0 ? [] : objects.slice(at)
  const renamed = /\brename\s+to\s+"?([^";]+?)"?\s*;?\s*$/i.exec(part)?.[1]
  if (found && renamed !== undefined) {
    objects[at] = { ...found, object: `${found.object.slice(0, -name.length)}${renamed}` }
  } else if (found && firstWord(part) === 'drop') objects.splice(at, 1)
  return true
}

/** What is done with an object that was passed over. */
const changes = /^(?:drop|comment|alter|grant|revoke|refresh|reindex|cluster)$/

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
