import type { CeleryCode, FaultCode, MigrationsCode } from '../../core/check.ts'

/** How the users of an application may notice a result. */
export type Effect =
  | 'broken'
  | 'late'
  | 'unmeasured'
  | 'newest'
  | 'differs'
  | 'harmless'
  | 'slow'
  | 'stands'
  | 'waits'

/** By code. */
export const effects: Readonly<Record<'slow' | FaultCode | MigrationsCode | CeleryCode, Effect>> = {
  slow: 'slow',
  timeout: 'late',
  unreachable: 'broken',
  quota_exceeded: 'broken',
  not_configured: 'unmeasured',
  unauthorized: 'unmeasured',
  wrong_answer: 'unmeasured',
  error: 'unmeasured',
  pending: 'newest',
  models_ahead: 'newest',
  edited: 'differs',
  out_of_order: 'differs',
  unknown_migration: 'differs',
  drift: 'differs',
  database_ahead: 'harmless',
  no_ledger: 'harmless',
  not_compared: 'harmless',
  extra: 'harmless',
  line_endings: 'harmless',
  no_workers: 'stands',
  no_reply: 'stands',
  missing_queue: 'stands',
  no_heartbeat: 'stands',
  stale_heartbeat: 'stands',
  missing_worker: 'waits',
  too_few_workers: 'waits',
  silent_worker: 'waits',
  backlog: 'waits',
  idle_worker: 'waits',
  stuck_queue: 'waits',
}

const byCode: ReadonlyMap<string, Effect> = new Map(Object.entries(effects))

/** Undefined for a code of a custom check. */
export const effectOf = (code: string): Effect | undefined => byCode.get(code)
