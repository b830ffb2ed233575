/**
 * The first command of the runbook for each code, where the page does not show already what it would: what to run when
 * one is woken. A key is a code, or a check and a code.
 */
export const firstCommands: Readonly<Record<string, string>> = {
  'database/timeout': 'psql "$DATABASE_URL" -c "select pid, state, wait_event, query from pg_stat_activity"',
  unreachable: 'curl -sv https://<host>/',
  pending: 'npx drizzle-kit migrate',
  edited: 'git log -p -- drizzle/',
  out_of_order: 'npx drizzle-kit generate',
  unknown_migration: 'git log --diff-filter=D -- drizzle/',
  models_ahead: 'npx drizzle-kit generate',
  drift: 'npx edge-health check',
  database_ahead: 'git log -- drizzle/',
  no_ledger: 'npx edge-health compile --ledger schema.table',
  not_compared: 'psql "$DATABASE_URL" -c "select * from pg_locks where not granted"',
  line_endings: 'git config core.autocrlf',
  no_workers: 'celery -A <app> status',
  no_reply: 'celery -A <app> inspect ping',
  missing_worker: 'celery -A <app> status',
  too_few_workers: 'celery -A <app> status',
  missing_queue: 'celery -A <app> inspect active_queues',
  no_heartbeat: 'celery -A <app> inspect registered',
  stale_heartbeat: 'celery -A <app> inspect active',
  silent_worker: 'celery -A <app> inspect ping -d <node>',
  backlog: 'celery -A <app> inspect active',
  idle_worker: 'celery -A <app> inspect active_queues -d <node>',
  stuck_queue: 'celery -A <app> inspect active',
}

const byCode: ReadonlyMap<string, string> = new Map(Object.entries(firstCommands))

/** Undefined where the runbook names none that shows more than the page, and for a code of a custom check. */
export const firstCommandOf = (checker: string, code: string): string | undefined =>
  byCode.get(`${checker}/${code}`) ?? byCode.get(code)
