import { type Database, isDatabaseError } from '../database.ts'
import { firstWord, splitStatements, tokensOf, wordsOf } from '../split-statements.ts'

/** Statements that can do no more than what they call does. */
const callers = new Set(['select', 'values', 'table', 'with', '(', 'explain', 'do', 'call', 'declare'])

const others = new Set([
  ...['truncate', 'lock', 'analyze', 'vacuum', 'fetch', 'move', 'close'],
  ...['notify', 'listen', 'unlisten', 'checkpoint'],
])

/** With these, or dynamically with EXECUTE, something is made, changed or taken away. */
const makers = /^(?:create|alter|drop|grant|revoke|comment|execute|import|reindex|cluster|security|reassign)$/

/** 42883 undefined_function, 3F000 invalid_schema_name: what is called is not known. 42601 syntax_error. */
const unknown = new Set(['42883', '3F000', '42601'])

/**
 * Whether a statement that failed reads and changes rows and nothing else, by its own words and those of the functions
 * that it calls: a schema does not need it.
 *
 * @param parts of its script, which may make such functions: now they are not there
 */
export async function makesNothing(
  database: Database,
  statement: string,
  parts: readonly string[],
  error: unknown,
): Promise<boolean> {
  const kind = firstWord(statement)
  if (callers.has(kind) && isDatabaseError(error) && unknown.has(error.code) && !callsScheduler(statement))
    return false
  if (others.has(kind)) return true
  return callsNoMaker(database, statement, parts)
}

/** Whether it makes nothing by its own words and those of the functions that are known. */
async function callsNoMaker(
  database: Database,
  statement: string,
  parts: readonly string[],
): Promise<boolean> {
  const kind = firstWord(statement)
  if (!callers.has(kind) || (kind !== 'do' && makesTable(statement))) return false
  const text = kind === 'do' ? bodyOf(statement) : statement
  if (wordsOf(text).some(({ word }) => makers.test(word))) return false
  return !(await callsMaker(database, text, parts))
}

/**
 * What a statement calls that an extension would bring, where it calls nothing else that makes something: what the call makes
 * has no name here.
 */
export async function missingCall(
  database: Database,
  statement: string,
  parts: readonly string[],
  error: unknown,
): Promise<string | undefined> {
  if (!isDatabaseError(error) || !/^(?:select|call)$/.test(firstWord(statement)) || callsScheduler(statement))
    return undefined
  const schema = /^schema "(.+)" does not exist$/.exec(error.message)?.[1]
  const name =
    schema === undefined
      ? /^(?:function|procedure) ([^(]+)\(/.exec(error.message)?.[1]
      : new RegExp(`\\b${schema.replaceAll(/\W/g, '.')}"?\\s*\\.\\s*"?[\\w$]+`, 'i').exec(statement)?.[0]
  return name !== undefined && (await callsNoMaker(database, statement, parts))
    ? name.replaceAll('"', '')
    : undefined
}

/** Whether a function that it calls makes something, by itself or by others. */
export async function callsMaker(
  database: Database,
  statement: string,
  parts: readonly string[],
): Promise<boolean> {
  const seen = new Set<string>()
  for (let texts = [statement]; texts.length > 0; ) {
    const words = texts.flatMap((text) => wordsOf(text).map(({ word }) => word))
    if (seen.size > 0 && words.some((word) => makers.test(word))) return true
    const called = [...new Set(words)].filter((word) => !seen.has(word))
    for (const word of called) seen.add(word)
    texts = [...(await bodiesInDatabase(database, called)), ...bodiesInScript(parts, called)]
  }
  return false
}

/** pg_cron keeps its jobs in rows (https://github.com/citusdata/pg_cron). */
const callsScheduler = (statement: string) =>
  /\bcron\s*\.\s*(?:schedule|unschedule|alter_job)/i.test(statement)

/** SELECT INTO. */
function makesTable(statement: string): boolean {
  const words = wordsOf(statement)
  return words.some(
    ({ word, depth }, index) =>
      word === 'into' && depth === 0 && !/^(?:insert|merge)$/.test(words[index - 1]?.word ?? ''),
  )
}

async function bodiesInDatabase(database: Database, names: readonly string[]): Promise<string[]> {
  if (names.length === 0) return []
  const { rows } = await database.query(
    `select coalesce(nullif(prosrc, ''), pg_get_functiondef(p.oid)) as body from pg_proc p join pg_language l on l.oid = prolang
    where proname = any($1) and prokind <> 'a' and lanname not in ('c', 'internal') and pronamespace <> 'pg_catalog'::regnamespace`,
    [names],
  )
  return rows.map(({ body }) => String(body))
}

function bodiesInScript(parts: readonly string[], names: readonly string[]): string[] {
  return parts
    .flatMap(splitStatements)
    .filter((statement) => {
      const words = wordsOf(statement).map(({ word }) => word)
      const at = words.findIndex((word) => word === 'function' || word === 'procedure')
      return (
        words[0] === 'create' &&
        at > 0 &&
        at < 4 &&
        words.slice(at, at + 4).some((word) => names.includes(word))
      )
    })
    .map(bodyOf)
}

/** What stands in quotes, which is code here. */
export function bodyOf(statement: string): string {
  const bodies: string[] = []
  for (const token of tokensOf(statement)) {
    const quote = /^\$\w*\$/.exec(token)?.[0]
    if (quote !== undefined) bodies.push(token.slice(quote.length, -quote.length))
    else if (/^e?'/i.test(token)) bodies.push(token.slice(token.indexOf("'") + 1, -1).replaceAll("''", "'"))
  }
  return bodies.join('\n')
}
