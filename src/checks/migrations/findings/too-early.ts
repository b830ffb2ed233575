import type { Evidence } from '../outcome.ts'

/**
 * Why no difference may be fixed by hand now, by what the migrations table says: a migration that comes later makes it,
 * and would then fail. Undefined when nothing speaks against it.
 */
export function tooEarly(ledger: Evidence['ledger']): string | undefined {
  if (typeof ledger === 'string') return undefined
  if (ledger.pending.length > 0) return 'run the pending migrations first'
  if (ledger.ahead.length > 0) return 'the database has newer migrations, which may have made it so'
  return undefined
}
