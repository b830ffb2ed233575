import { type Estimate, estimate } from './estimate.ts'
import type { Plan } from './plan.ts'
import { celeryCommands } from './plan-of.ts'
import { asksDatabase } from './play.ts'

/** Settings that cost less. */
export interface Cheaper {
  /** What to set or to change. */
  readonly change: string
  /** What is worse with it. */
  readonly but: string
  readonly estimate: Estimate
}

interface Change {
  readonly change: string
  readonly but: string
  /** Undefined where it changes nothing. */
  readonly apply: (plan: Plan) => Plan | undefined
}

/** In dollars: less is not worth a word. */
const minSaving = 0.1
const sleepSeconds = 3600
const longTtlSeconds = 120
const calmCron = '*/15 * * * *'

const changes: readonly Change[] = [
  {
    change: 'HEALTH_STORE=redis',
    but: 'results are shared by all isolates; docs/store.md',
    apply: (plan) => (plan.hasStore ? undefined : { ...plan, hasStore: true }),
  },
  {
    change: `HEALTH_DATABASE_TTL_PASS=${sleepSeconds} and HEALTH_MIGRATIONS_TTL_PASS=${sleepSeconds}`,
    but: 'a database that fails is seen up to an hour later',
    apply: (plan) => {
      const names = plan.checks.filter(
        (name) => asksDatabase(name) && (plan.ttlSeconds[name] ?? 0) < sleepSeconds,
      )
      const longer = Object.fromEntries(names.map((name) => [name, sleepSeconds]))
      return names.length > 0 ? { ...plan, ttlSeconds: { ...plan.ttlSeconds, ...longer } } : undefined
    },
  },
  {
    change: `HEALTH_TTL_PASS=${longTtlSeconds}`,
    but: 'a fault is seen up to two minutes later',
    apply: (plan) => {
      const longer = Object.entries(plan.ttlSeconds).map(([name, ttl]) => [
        name,
        Math.max(ttl, longTtlSeconds),
      ])
      return { ...plan, ttlSeconds: Object.fromEntries(longer) }
    },
  },
  {
    change: 'the monitor asks without database and migrations (?check=), and the cron asks them',
    but: 'a database that fails is seen at the next cron run',
    apply: ({ monitor, ...plan }) => {
      const asks = monitor?.asks.filter((name) => !asksDatabase(name)) ?? []
      const isOther = monitor && asks.length > 0 && asks.length < monitor.asks.length
      return isOther && plan.crons.length > 0 ? { ...plan, monitor: { ...monitor, asks } } : undefined
    },
  },
  {
    change: 'CELERY_PROBE=heartbeat',
    but: 'a beat task has to write the heartbeat; docs/celery.md',
    apply: (plan) => {
      const { celery } = plan.commands
      if (!celery || celery.reads + celery.writes === 1) return undefined
      const heartbeat = celeryCommands({ probe: 'heartbeat' }, 0)
      return { ...plan, commands: { ...plan.commands, celery: { database: 'application', ...heartbeat } } }
    },
  },
  {
    change: `the cron ${calmCron}`,
    but: 'it notices later',
    apply: (plan) => (plan.crons.length > 0 ? { ...plan, crons: [calmCron] } : undefined),
  },
]

/** The changes that make a plan cheaper, the cheapest first; where several do, all of them together too. */
export function cheaperPlans(plan: Plan, now: Estimate): Cheaper[] {
  const worth = changes.flatMap(({ apply, ...words }) => {
    const changed = apply(plan)
    if (!changed) return []
    const then = estimate(changed)
    return now.dollars - then.dollars >= minSaving ? [{ ...words, apply, estimate: then }] : []
  })
  const sorted = worth.toSorted((a, b) => a.estimate.dollars - b.estimate.dollars)
  const list = sorted.map(({ apply: _apply, ...cheaper }) => cheaper)
  if (sorted.length < 2) return list
  const all = estimate(sorted.reduce((changed, { apply }) => apply(changed) ?? changed, plan))
  const best = list[0]?.estimate.dollars ?? 0
  return best - all.dollars < minSaving ? list : [{ change: 'all of these', but: '', estimate: all }, ...list]
}
