/** What is not there, and is made, or done without. @module */
import { createCollation, missingCollation } from '../collations.ts'
import { missingRole } from '../database.ts'
import { quoteIdentifier } from '../quote-identifier.ts'
import { shortStatement } from '../short-statement.ts'
import { splitStatements } from '../split-statements.ts'
import type { Case } from './case.ts'
import { missingCall } from './makes-nothing.ts'
import { tableOfRows } from './tables-of-rows.ts'

export async function withRole({ run, error, parts }: Case) {
  const role = missingRole(error)
  if (role === undefined || run.createdRoles.includes(role)) return undefined
  await run.database.exec(`create role ${quoteIdentifier(role)}`)
  run.createdRoles.push(role)
  return parts
}

export async function withCollation({ run, error, parts }: Case) {
  const collation = missingCollation(error)
  if (collation === undefined || run.createdCollations.includes(collation)) return undefined
  await createCollation(run.database, collation)
  run.createdCollations.push(collation)
  return parts
}

/** A call of what an extension would bring that is not there. */
export async function withoutItsCalls({ run, script, parts, at, part, error }: Case) {
  if (part === undefined || run.missing.extensions.length === 0 || splitStatements(part).length > 1)
    return undefined
  const object = await missingCall(run.database, part, parts, error)
  if (object === undefined) return undefined
  const isKnown = run.missing.objects.some((other) => other.object === object)
  if (!isKnown) run.missing.objects.push({ kind: 'routine', object, difference: 'changed' })
  run.warnings.push(
    `${script.name}: what it makes by ${object}, which the embedded Postgres does not have, is not expected: where the check finds it, --ignore PATTERNS accepts it. ${shortStatement(part)}`,
  )
  return parts.toSpliced(at, 1)
}

export async function withoutTableOfRows({ run, script, parts, at, part = '', error }: Case) {
  const table = tableOfRows(part, error, run.sql)
  if (table === undefined) return undefined
  run.warnings.push(
    `${script.name}: ${table} is not there, because a block or function of the migrations makes it for a row. It is not expected of the database, and this is left out: ${shortStatement(part)}`,
  )
  return parts.toSpliced(at, 1)
}
