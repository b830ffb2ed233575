import { expect, it } from 'vitest'
import { lockTimeoutFinding } from '../../src/gate/lock-timeout.ts'
import { readPendingFile } from '../../src/gate/pending/statement.ts'

/** The codes that are found where each ALTER waits, in files of these statements. */
function codesOf(
  files: readonly (readonly string[])[],
  {
    hasLockTimeout = false,
    oneTransaction = true,
  }: { hasLockTimeout?: boolean; oneTransaction?: boolean } = {},
): string[] {
  const pending = files.map((statements, at) => {
    const sql = statements.join(';\n--> statement-breakpoint\n')
    const migration = { tag: `000${at}`, file: `000${at}.sql`, when: at, sql, hash: '', otherLineEndings: [] }
    return readPendingFile(migration as never, undefined)
  })
  const migrations = pending.map(({ migration: { tag }, statements }) => ({
    tag,
    findings: statements
      .filter(({ text }) => text.startsWith('alter'))
      .map(({ number, text }) => ({
        ...({ level: 'pass', code: 'blocks', object: 't', message: '' } as const),
        statement: { number, text },
        waits: [{ object: 't', reads: true, writes: true }],
      })),
  }))
  return lockTimeoutFinding({ files: pending, migrations, hasLockTimeout, oneTransaction }).map(
    ({ code }) => code,
  )
}

const alter = 'alter table t add a int'
const set = "set lock_timeout = '5s'"

it.each<[what: string, files: string[][]]>([
  ['nothing limits it', [[alter]]],
  ['the limit comes after the first lock', [[alter, set, alter]]],
  ['it is taken away before', [[set, 'set lock_timeout to 0', alter]]],
  ['the role has none to go back to', [[set, 'set lock_timeout = default', alter]]],
  ['the limit ended with the transaction', [["set local lock_timeout = '5s'", 'commit', alter]]],
  ['another timeout is set', [["set statement_timeout = '5s'", alter]]],
])('a statement that others wait behind may wait for ever where %s', (_, files) => {
  expect(codesOf(files)).toEqual(['no_lock_timeout'])
})

it.each<[what: string, files: string[][]]>([
  ['a file before has set it', [[set], [alter]]],
  ['it is set for the transaction', [['set local lock_timeout to 5000', alter]]],
  ['only the limit of a transaction has ended', [[set, 'set local lock_timeout = 0', 'commit', alter]]],
  ['no statement waits', [['select 1']]],
])('it may not where %s', (_, files) => {
  expect(codesOf(files)).toEqual([])
})

it('the limit of the role counts until it is taken away', () => {
  expect(codesOf([[alter]], { hasLockTimeout: true })).toEqual([])
  expect(codesOf([[set, 'set lock_timeout = default', alter]], { hasLockTimeout: true })).toEqual([])
  expect(codesOf([['set lock_timeout = 0', alter]], { hasLockTimeout: true })).toEqual(['no_lock_timeout'])
})

it('a SET does not last where each statement has a session of its own', () => {
  expect(codesOf([[set, alter]], { oneTransaction: false })).toEqual(['no_lock_timeout'])
})
