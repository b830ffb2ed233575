import type { Migration } from '../../compile/migrations/migration.ts'
import { leaveOut } from '../../compile/replay/leave-out.ts'
import { firstWord, splitStatements, tokenAt, tokensOf } from '../../compile/replay/split-statements.ts'

/** One statement of a pending migration. */
export interface PendingStatement {
  readonly migration: Migration
  /** Its place in the file, from 1. */
  readonly number: number
  /** Which part of the file it is in, from 0: a part is what Drizzle sends at once. */
  readonly part: number
  /** How many statements that part has. */
  readonly ofPart: number
  readonly text: string
}

/** Which part of which file it is sent with. */
export const partOf = ({ migration, part }: PendingStatement): string => `${part} of ${migration.tag}`

/** What a file asks to be run, and what `--skip` left out of it. */
export interface PendingFile {
  readonly migration: Migration
  readonly statements: readonly PendingStatement[]
  readonly skipped: number
}

/** The statements of a file, one by one, without those that `skip` matches. */
export function readPendingFile(migration: Migration, skip: RegExp | undefined): PendingFile {
  const { parts, statementsLeftOut } = leaveOut(migration, skip)
  let number = 0
  const statements = parts.flatMap((sql, part) => {
    const texts = splitStatements(sql)
    return texts.map((text): PendingStatement => {
      number++
      return { migration, number, part, ofPart: texts.length, text }
    })
  })
  return { migration, statements, skipped: statementsLeftOut }
}

const maxLine = 100

/** The beginning of a statement as one line. */
export function firstLine(text: string): string {
  const line = tokensOf(text).length === 0 ? '' : withoutComments(text)
  return line.length > maxLine ? `${line.slice(0, maxLine - 1)}…` : line
}

function withoutComments(sql: string): string {
  let text = ''
  for (let at = 0; at < sql.length; ) {
    const token = tokenAt(sql, at)
    at += token.length
    text += /^(?:--|\/\*)/.test(token) ? ' ' : token
  }
  return text.replaceAll(/\s+/g, ' ').replace(/;\s*$/, '').trim()
}

/** What a statement does to the transaction that it is in. */
export function transactionWord(text: string): 'begin' | 'commit' | 'rollback' | 'rollback to' | undefined {
  const [first = '', second = '', third = ''] = tokensOf(text).map((token) => token.toLowerCase())
  if (first === 'begin' || (first === 'start' && second === 'transaction')) return 'begin'
  if (first === 'commit' || first === 'end') return 'commit'
  if (first !== 'rollback' && first !== 'abort') return undefined
  return second === 'to' || third === 'to' ? 'rollback to' : 'rollback'
}

const onlyInTransaction: Readonly<Record<string, string>> = {
  lock: 'LOCK TABLE',
  savepoint: 'SAVEPOINT',
  release: 'RELEASE SAVEPOINT',
  rollback: 'ROLLBACK TO SAVEPOINT',
}

/** What Postgres says of a statement that no transaction is around (25P01). One that is sent with others has one. */
export function refusedAlone({ text, ofPart }: PendingStatement): string | undefined {
  const word = firstWord(text)
  const name =
    word === 'rollback' && transactionWord(text) !== 'rollback to' ? undefined : onlyInTransaction[word]
  return name !== undefined && ofPart === 1 ? `${name} can only be used in transaction blocks` : undefined
}

/** What becomes of COPY FROM STDIN: Drizzle's drivers have no rows to send. The embedded Postgres would wait for them for ever. */
export const refusedCopy = (text: string): string | undefined =>
  firstWord(text) === 'copy' && / from stdin\b/i.test(tokensOf(text).join(' '))
    ? 'COPY FROM STDIN gets no rows from Drizzle'
    : undefined

/** Whether all that a statement does is to change a setting of its session. */
export const isSetting = (text: string): boolean =>
  /^(?:set|reset|select (?:pg_catalog \. )?set_config) /i.test(tokensOf(text).join(' '))

/** Whether COMMIT or ROLLBACK begins the next transaction at once: `AND CHAIN`, and not `AND NO CHAIN`. */
export function chainsTransaction(text: string): boolean {
  const words = tokensOf(text).filter((token) => token !== ';')
  return words.slice(-2).join(' ').toLowerCase() === 'and chain'
}
