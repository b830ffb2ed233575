import { expect, it } from 'vitest'
import type { MigrationsTableDiff } from '../../../../src/checks/migrations/comparison/diff-migrations-table.ts'
import { tooEarly } from '../../../../src/checks/migrations/findings/too-early.ts'

const ledger = { pending: [], ahead: [] } as unknown as MigrationsTableDiff
const some = ['one'] as unknown as MigrationsTableDiff['pending'] & MigrationsTableDiff['ahead']

it.each([
  ['no migrations table', 'absent', undefined],
  ['all migrations', ledger, undefined],
  ['pending migrations', { ...ledger, pending: some, ahead: some }, 'run the pending migrations first'],
  [
    'newer migrations',
    { ...ledger, ahead: some },
    'the database has newer migrations, which may have made it so',
  ],
] as const)('with %s', (_, seen, reason) => expect(tooEarly(seen)).toBe(reason))
