import type { Transports } from './clients/transports.ts'
import { defaultAlertAfter } from './config/alerts.ts'
import type { Config } from './config/config.ts'
import { configuredAlerting } from './configured-alerting.ts'
import { openRedisOf } from './configured-clients.ts'
import type { SharedLevel } from './core/cache/cache.ts'
import type { Clock } from './core/clock.ts'
import type { Scrub } from './core/scrub.ts'
import type { CronOptions } from './cron.ts'
import { expectedRunMs } from './history/history.ts'
import type { ResultsRequest } from './http/app.ts'
import { isConfirmed } from './notify/alerts/rules.ts'
import type { Log } from './notify/log.ts'
import { createStore, type Store } from './store/store.ts'

/** What asks the store whether a fault is confirmed may take, in ms. Only the cron waits for it. */
const confirmLimitMs = 500

/** The store as the composition needs it. */
interface ConfiguredStore
  extends SharedLevel<ResultsRequest>,
    Pick<Store, 'history'>,
    Pick<Required<CronOptions>, 'confirmed'> {}

/** By how many milliseconds the store may delay an answer. */
const maxSharedMs = 300

/**
 * How long the store may take of an answer's time, in ms; 0 without a store. Where timeout and deadline leave less room than
 * that, it takes less, but never so little that no store could answer.
 */
export function sharedMsOf({ store, timing }: Config, headStartMs: number): number {
  if (!store) return 0
  const roomMs = timing.deadlineMs - timing.timeoutMs - headStartMs
  return Math.min(maxSharedMs, Math.max(maxSharedMs / 3, roomMs))
}

/** The store that the configuration asks for; undefined without one, and then nothing of it is called. */
export function configuredStore(
  config: Config,
  {
    expected,
    checkers,
    runMs,
    sharedMs,
    transports,
  }: {
    readonly expected: object | undefined
    readonly checkers: readonly string[]
    readonly runMs: number
    readonly sharedMs: number
    readonly transports: Transports
  },
  { clock, scrub, log }: Tools,
): ConfiguredStore | undefined {
  const { store, redis, token } = config
  const open = redis && openRedisOf(redis, transports)
  if (!store || !open) return undefined
  const alerting = configuredAlerting(config, { clock, scrub, log })
  const results = createStore({
    open,
    clock,
    key: store.key,
    token,
    checkers,
    expectedMs: expectedRunMs,
    isMaintenance: (now) => config.maintenance.some((window) => window.isOpen(now)),
    notify: alerting?.notify,
    configuration: () => describe(config, checkers, expected),
    complain: (message, reason) => log('warn', message, { reason: scrub(reason) }),
  })
  const rules = { after: config.alerts?.after ?? defaultAlertAfter }
  return {
    results,
    sharedMs,
    runMs,
    history: results.history,
    async confirmed(failed, identity) {
      const history = await results.observed(identity, failed, confirmLimitMs)
      const names = failed.map(({ checker }) => checker)
      return new Set(names.filter((name) => isConfirmed(history?.get(name)?.latest ?? [], rules)))
    },
  }
}

/** What is asked, where, and by which rules: isolates for which any of it differs do not share results. */
function describe(config: Config, checkers: readonly string[], expected: object | undefined): string {
  const { postgres, redis, celery, redisWrite, migrationsWarn, timing, mistakes } = config
  // JSON has no functions, and a result that lived longer elsewhere would be repeated here at an age that it may not have.
  const lives = checkers.map((name) => [timing.ttlMs(name, 'pass'), timing.ttlMs(name, 'fail')])
  const asked = [checkers, postgres, redis, celery, redisWrite, migrationsWarn, timing, lives, mistakes]
  return JSON.stringify(asked, withoutSecrets) + JSON.stringify(expected)
}

/** For JSON.stringify. A new password is not another database. */
function withoutSecrets(name: string, value: unknown): unknown {
  if (name === 'token') return undefined
  if (typeof value !== 'string' || !value.includes('://') || !URL.canParse(value)) return value
  return Object.assign(new URL(value), { password: '' }).href
}

interface Tools {
  readonly clock: Clock
  readonly scrub: Scrub
  readonly log: Log
}
