import { messageOf } from '../../compile/compile-error.ts'
import { createCollation, missingCollation } from '../../compile/replay/collations.ts'
import {
  type Database,
  isDatabaseError,
  isForeignKeyViolation,
  missingRole,
} from '../../compile/replay/database.ts'
import { type Missing, withoutExtension } from '../../compile/replay/missing-extension.ts'
import { quoteIdentifier } from '../../compile/replay/quote-identifier.ts'
import { isDataStatement } from '../../compile/replay/split-statements.ts'
import type { Problem } from './step.ts'

/** How to go on after a statement that Postgres refused here. */
export interface Recovery {
  /**
   * `retry` the text; `outside`: it needs to be outside of a transaction; `after commit`: what came before it has to be
   * committed; `skip` it, `stop`: production stops here too.
   */
  readonly way: 'retry' | 'outside' | 'after commit' | 'without foreign keys' | 'skip' | 'stop'
  readonly text: string
  readonly problem?: Problem
}

/** What is known of production and of the replay. */
export interface Known {
  readonly missing: Missing
  /** Names of production's roles; undefined where they are not known. */
  readonly roles?: ReadonlySet<string> | undefined
}

/** Called when the transaction has been rolled back; makes what the statement misses. */
export async function recover(
  database: Database,
  { missing, roles }: Known,
  text: string,
  error: unknown,
  attempt: number,
): Promise<Recovery> {
  const message = messageOf(error)
  const fails: Recovery = { way: 'stop', text, problem: { kind: 'fails', message } }
  if (!isDatabaseError(error) || attempt > maxAttempts) return fails
  const role = missingRole(error)
  if (role !== undefined) {
    if (roles && !roles.has(role)) return fails
    await database.exec(`create role ${quoteIdentifier(role)}`)
    return { way: 'retry', text }
  }
  const collation = missingCollation(error)
  if (collation !== undefined) {
    await createCollation(database, collation)
    return { way: 'retry', text }
  }
  // Another method writes other bytes, and what is done to the table is the same.
  if (message.startsWith('compression method lz4'))
    return { way: 'retry', text: text.replace(/\blz4\b/gi, 'pglz') }
  if (error.code === '25001')
    return { way: 'outside', text, problem: { kind: 'not_in_transaction', message } }
  // A block or a procedure with COMMIT or ROLLBACK.
  if (error.code === '2D000') return { way: 'skip', text, problem: { kind: 'not_in_transaction', message } }
  if (error.code === '55P04') return { way: 'after commit', text, problem: { kind: 'fails', message } }
  const instead = await withoutExtension(database, missing, [text], 0, error)
  if (instead) {
    const [other] = instead
    const reason = `it needs the extension ${missing.extensions.at(-1)}, which the embedded Postgres does not have`
    if (other === undefined) return { way: 'skip', text, problem: { kind: 'not_measured', reason } }
    return {
      way: 'retry',
      text: other,
      problem: { kind: 'not_measured', reason: `${reason}: measured with text in place of its types` },
    }
  }
  if (isForeignKeyViolation(error) && isDataStatement(text)) return { way: 'without foreign keys', text }
  const reason = reasonNotToTrust(error.code, message, text, missing)
  return reason === undefined ? fails : { way: 'skip', text, problem: { kind: 'not_measured', reason } }
}

const maxAttempts = 8

/** Why production may accept what the embedded Postgres refuses. */
function reasonNotToTrust(code: string, message: string, text: string, missing: Missing): string | undefined {
  if (isDataStatement(text) || /^(?:22|23|P0|21|55006)/.test(code)) {
    return `it fails on empty tables (${message}), which says nothing about tables with rows`
  }
  // Settings of a database, where its files are, and libraries.
  if (code === '3D000' || (code === '42704' && message.startsWith('tablespace')) || code === '58P01')
    return `it is about the server, and the embedded Postgres is another one (${message})`
  if (code === '42501') return `the embedded Postgres has other rights (${message})`
  const isOfPlatform =
    code === '42883' ||
    code === '3F000' ||
    (code === '42704' &&
      /^(?:type|operator|text search|collation|function|data type|access method|extension|publication|foreign-data wrapper|server|language)/.test(
        message,
      ))
  if (!isOfPlatform) return undefined
  if (missing.extensions.length > 0)
    return `it needs the extension ${missing.extensions.join(' or ')}, which the embedded Postgres does not have (${message})`
  return `${message}: where your platform provides it, supply it with --preset neon or --prelude FILE`
}
