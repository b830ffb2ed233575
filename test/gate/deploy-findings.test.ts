/** What is said of all pending migrations together. */
import { expect, it } from 'vitest'
import { deployFindings } from '../../src/gate/deploy-findings.ts'
import { isDriver, usesOneTransaction } from '../../src/gate/driver.ts'
import type { PendingFile } from '../../src/gate/pending/statement.ts'
import { pendingFile } from './measured.ts'

function found(files: readonly PendingFile[], driver = 'node-postgres') {
  const oneTransaction = isDriver(driver) && usesOneTransaction(driver)
  return deployFindings({ files, driver, oneTransaction, hasLockTimeout: true, migrations: [] })
}

it.each([
  ['of one file', [pendingFile('0001_a', 'alter table t add a int', 'alter table t add b int')]],
  ['of two files', [pendingFile('0001_a', 'alter table t add a int'), pendingFile('0002_b', 'select 1')]],
])('without a transaction, statements %s can be half applied', (_, files) => {
  expect(found(files, 'neon-http')).toEqual([
    {
      level: 'warn',
      code: 'half_applied',
      object: 'neon-http',
      message:
        'neon-http has no transaction: when a statement fails, those before it stay, without a row in the migrations table, and the next run starts again at the first of them',
      advice:
        'one pending statement for each deploy, or a migrator with a transaction: drizzle-kit migrate, or neon-serverless',
    },
  ])
})

it('without a transaction, a single statement is applied or not', () => {
  expect(found([pendingFile('0001_a', 'alter table t add a int')], 'neon-http')).toEqual([])
})

it('in a transaction, many statements are applied together or not at all', () => {
  expect(found([pendingFile('0001_a', 'alter table t add a int', 'alter table t add b int')])).toEqual([])
})

it.each([
  ['of its own file', [pendingFile('0001_a', 'select 1', 'commit', 'select 2')]],
  ['of the next file', [pendingFile('0001_a', 'select 1', 'COMMIT'), pendingFile('0002_b', 'select 2')]],
  ['that ends it again', [pendingFile('0001_a', 'select 1', '-- now\nEND', 'select 2', 'commit')]],
])('a COMMIT before a statement %s leaves what came before half applied', (_, files) => {
  expect(found(files)).toEqual([
    {
      level: 'warn',
      code: 'half_applied',
      object: '0001_a',
      statement: { number: 2, text: 'COMMIT' },
      message: `COMMIT ends Drizzle's transaction: when a later statement fails, what came before stays without its row in the migrations table`,
    },
  ])
})

it.each([
  [
    'a COMMIT at the very end',
    [pendingFile('0001_a', 'select 1'), pendingFile('0002_b', 'select 2', 'commit')],
  ],
  ['a ROLLBACK TO a savepoint', [pendingFile('0001_a', 'savepoint a', 'rollback to a', 'select 1')]],
  ['nothing that is pending', []],
])('%s leaves nothing half applied', (_, files) => {
  expect(found(files)).toEqual([])
})

it('a statement that others wait behind and that may wait for ever is told first', () => {
  const files = [pendingFile('0001_a', 'alter table t add a int', 'alter table t add b int')]
  const waits = [{ object: 'public.t', reads: true, writes: true }]
  const statement = { number: 1, text: 'alter table t add a int' }
  const blocks = { level: 'pass', code: 'blocks', object: 'public.t', statement, message: '', waits } as const
  const facts = { files, driver: 'neon-http', oneTransaction: false, hasLockTimeout: false }
  expect(deployFindings({ ...facts, migrations: [{ tag: '0001_a', findings: [blocks] }] })).toEqual([
    {
      level: 'warn',
      code: 'no_lock_timeout',
      object: 'lock_timeout',
      message:
        'the role that migrates has no lock_timeout: behind one open transaction the migration waits for ever, and reads and writes wait behind it',
      advice:
        "PGOPTIONS='-c lock_timeout=5s' for the migrating command, or ALTER ROLE … SET lock_timeout = '5s'",
    },
    expect.objectContaining({ code: 'half_applied', object: 'neon-http' }),
  ])
})
