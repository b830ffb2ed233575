import { messageOf } from '../../compile-error.ts'
import {
  type Database,
  type DatabaseError,
  isAboutRows,
  isDatabaseError,
  isForeignKeyViolation,
} from '../database.ts'
import { withoutExtension } from '../missing-extension.ts'
import type { Manner, Run, Script, Stopped } from '../script.ts'
import { shortStatement } from '../short-statement.ts'
import { firstWord, isDataStatement, splitStatements, withoutStatements } from '../split-statements.ts'
import type { Case, Remedy } from './case.ts'
import { isEmptying, nextEmptying } from './empty-tables.ts'
import { callsMaker, makesNothing } from './makes-nothing.ts'
import { queryAlone } from './query-alone.ts'
import { withoutQueryRows } from './query-rows.ts'
import { withCollation, withoutItsCalls, withoutTableOfRows, withRole } from './what-is-missing.ts'
import { type Demanding, withoutDemands } from './without-demands.ts'

/**
 * In this order: what was missing is made, then the statement is found, then it is left out if it makes nothing, and only
 * what makes something is changed, or run without the rows that earlier statements made.
 */
const remedies: readonly Remedy[] = [
  withRole,
  withCollation,
  ({ run, parts, at, error }) => withoutExtension(run.database, run.missing, parts, at, error),
  withoutItsCalls,
  outsideTransaction,
  statementByStatement,
  withoutForeignKeys,
  withoutTableOfRows,
  withoutWhatMakesNothing,
  withoutItsOwnRows,
  withoutRows,
]

/** What to run instead, or undefined when the script itself is wrong. Called when the transaction has been rolled back. */
export async function recover(
  run: Run,
  script: Script,
  parts: readonly string[],
  { at, error }: Stopped,
  manner: Manner,
): Promise<readonly string[] | undefined> {
  // What was put there to help does not help.
  if (isEmptying(parts[at])) return undefined
  for (const remedy of remedies) {
    const instead = await remedy({ run, script, parts, at, part: parts[at], error, manner })
    if (instead) return instead
  }
  return undefined
}

/** 25001 active_sql_transaction: CREATE INDEX CONCURRENTLY. 55P04 unsafe_new_enum_value_usage. */
async function outsideTransaction({ run, script, error, parts, manner }: Case) {
  if (manner.alone || !isDatabaseError(error) || (error.code !== '25001' && error.code !== '55P04'))
    return undefined
  Object.assign(manner, { inTransaction: false, alone: true })
  run.warnings.push(
    `${script.name} holds a statement that cannot run inside a transaction: it is applied here, but Drizzle's migrators run it in one and stop there (over neon-http they do not).`,
  )
  return parts
}

/** The statements of the part apart, to see which of them fails. */
async function statementByStatement({ parts, at, part, error }: Case) {
  const statements = splitStatements(part ?? '')
  if (statements.length < 2) return undefined
  const mayGo = isAboutRows(error) || isPendingTrigger(error) || statements.some(mayMakeNothing)
  return mayGo ? parts.toSpliced(at, 1, ...statements) : undefined
}

const mayMakeNothing = (statement: string) =>
  isDataStatement(statement) || !/^(?:create|alter|drop|grant|revoke|comment)$/.test(firstWord(statement))

/** 55006 object_in_use: rows of the table are still to be checked in this transaction. */
function isPendingTrigger(error: unknown): boolean {
  return isDatabaseError(error) && error.code === '55006' && error.message.includes('pending trigger events')
}

async function withoutForeignKeys({ run, script, error, part, parts, manner }: Case) {
  const isPending = isPendingTrigger(error)
  // A constraint that is added is checked all the same, also by a block.
  const isChecked =
    (part !== undefined && firstWord(part) === 'alter') ||
    (isDatabaseError(error) && /^SQL statement "\s*alter\b/im.test(error.where ?? ''))
  if (!manner.foreignKeys || !(isPending || (isForeignKeyViolation(error) && !isChecked))) return undefined
  manner.foreignKeys = false
  run.warnings.push(
    isPending
      ? `${script.name} changes rows and then their table in one transaction, which Postgres refuses (${messageOf(error)}): it is replayed without the triggers of rows. Drizzle stops there.`
      : `${script.name} writes rows that point to rows which no migration makes: it is replayed without checks of foreign keys. On an empty database Drizzle stops there.`,
  )
  return parts
}

/** From so many on, all that the script does to rows is left out at once: each costs one more run of the script. */
const mostLeftOut = 3

async function withoutWhatMakesNothing(stopped: Case) {
  const { run, script, parts, at, part, error, manner } = stopped
  if (part === undefined) return withoutRowsAtCommit(stopped)
  const isData = isDataStatement(part) || manner.queries.has(part)
  if (!isData && !(await makesNothing(run.database, part, parts, error))) return undefined
  const what = isData ? 'a statement that only changes rows fails' : 'a statement that makes nothing fails'
  const makes = isData && (await callsMaker(run.database, part, parts))
  const before = manner.queries.get(part)
  const query = makes && !before ? queryAlone(part) : undefined
  if (query !== undefined) {
    const warning = `${script.name}: ${what} (${messageOf(error)}). It is left out, but what the functions that it calls make is made; for rows that are not there, the check finds that as extra, and --ignore PATTERNS accepts it. ${shortStatement(part)}`
    manner.queries.set(query, { insert: part, warning })
    run.warnings.push(warning)
    return parts.toSpliced(at, 1, query)
  }
  // What was said of it has not come true.
  if (before) run.warnings.splice(run.warnings.lastIndexOf(before.warning), 1)
  const how = makes ? leftOutWithMade(error) : leftOut(error)
  run.warnings.push(`${script.name}: ${what} ${how} ${shortStatement(before?.insert ?? part)}`)
  const rest = parts.toSpliced(at, 1)
  manner.leftOut++
  if (manner.leftOut < mostLeftOut) return rest
  const kept = rest.flatMap((text) => withoutStatements(text, isDataStatement))
  if (kept.length < rest.length || kept.some((text, index) => text !== rest[index])) {
    run.warnings.push(
      `${script.name}: its other statements that only change rows are left out too, because ${mostLeftOut} of them failed.`,
    )
  }
  return kept
}

/** Nothing says which statement it was. What sets something up, as set_config does, is kept. */
async function withoutRowsAtCommit({ run, script, parts, error }: Case) {
  const statements = parts.flatMap(splitStatements)
  let kept = statements.filter((statement) => !isDataStatement(statement))
  if (kept.length === statements.length) {
    const goes = await Promise.all(
      statements.map(
        async (statement) =>
          /^(?:do|call)$/.test(firstWord(statement)) && makesNothing(run.database, statement, parts, error),
      ),
    )
    kept = statements.filter((_, index) => !goes[index])
  }
  if (kept.length === statements.length) return undefined
  run.warnings.push(`${script.name}: what it does to rows cannot be committed ${leftOut(error)}`)
  return kept
}

const leftOut = (error: unknown) =>
  `(${messageOf(error)}). It is left out, because no schema needs it; on an empty database Drizzle stops there.`

const leftOutWithMade = (error: unknown) =>
  `(${messageOf(error)}). It is left out, with what the functions that it calls make: the check then finds that as extra, and --ignore PATTERNS accepts it.`

const calls = ['execute', 'perform'] as const

/** Where PL/pgSQL was in the block when it failed. */
async function demandingLine(
  database: Database,
  parts: readonly string[],
  error: DatabaseError,
): Promise<Demanding | undefined> {
  const { where = '' } = error
  const at = where.lastIndexOf('PL/pgSQL function inline_code_block line ')
  const [, line, activity] = /line (\d+) at (.*)/.exec(where.slice(Math.max(at, 0))) ?? []
  if (at < 0 || line === undefined) return undefined
  const call = calls.find((word) => word === activity?.toLowerCase())
  if (call === undefined) return { line: Number(line) }
  const start = where.lastIndexOf('SQL statement "', at)
  const sql = /^SQL statement "([\s\S]*)"\n$/.exec(where.slice(Math.max(start, 0), at))?.[1]
  const goes =
    sql !== undefined && (isDataStatement(sql) || (await makesNothing(database, sql, parts, error)))
  return goes ? { line: Number(line), call } : undefined
}

/** A statement that makes something and changes or reads rows meanwhile. */
async function withoutItsOwnRows({ run, script, parts, at, part, error, manner }: Case) {
  if (part === undefined || !isAboutRows(error)) return undefined
  const first = manner.leftOut < mostLeftOut ? await demandingLine(run.database, parts, error) : undefined
  // What a later statement of the block makes may depend on the rows that an earlier one writes.
  const block = (first && withoutDemands(part, first)) ?? withoutDemands(part)
  if (block !== undefined) manner.leftOut++
  const instead = block === undefined ? withoutQueryRows(part) : [block]
  if (!instead) return undefined
  const how =
    block === undefined
      ? 'What it makes is made without rows'
      : 'The block is run without what it changes in rows and demands of them'
  run.warnings.push(
    `${script.name}: a statement fails (${messageOf(error)}). ${how}, as on a database where it succeeds: ${shortStatement(part)}`,
  )
  return parts.toSpliced(at, 1, ...instead)
}

/** Rows that the migrations wrote stand in the way of a constraint, an index, another type. */
async function withoutRows({ run, script, parts, at, part = 'COMMIT', error, manner }: Case) {
  if (!isAboutRows(error)) return undefined
  const last = manner.emptied?.before === part ? manner.emptied.sql : undefined
  const emptying = nextEmptying(last, error, run.ledger)
  if (!emptying) return undefined
  run.warnings.push(
    `${script.name}: rows that the migrations write stand in the way (${messageOf(error)}). It is run without the rows of ${emptying.what}, on which no definition depends; but what a later statement makes for each row is then not expected. ${shortStatement(part)}`,
  )
  manner.emptied = { before: part, sql: emptying.sql }
  const before = isEmptying(parts[at - 1]) ? 1 : 0
  return parts.toSpliced(at - before, before, emptying.sql)
}
