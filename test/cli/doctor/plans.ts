import type { Plan } from '../../../src/cli/doctor/plan.ts'

const quarter = '*/15 * * * *'

/** The four checks with their defaults, one worker, on Neon and Upstash, asked by the shipped cron alone. */
export const plan = (changes: Partial<Plan> = {}): Plan => ({
  checks: ['database', 'migrations', 'celery', 'redis'],
  ttlSeconds: { database: 27, migrations: 27, celery: 27, redis: 27 },
  commands: {
    celery: { database: 'application', reads: 6, writes: 5 },
    redis: { database: 'application', reads: 1, writes: 0 },
  },
  hasStore: false,
  crons: [quarter],
  monitor: undefined,
  regions: 0,
  billed: new Set(['database', 'application', 'broker'] as const),
  ...changes,
})

export const monitor = (everySeconds: number, checkers = 1, asks = plan().checks) => ({
  everySeconds,
  checkers,
  asks,
})
