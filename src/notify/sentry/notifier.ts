import type { SentryConfig } from '../../config/config.ts'
import type { Clock } from '../../core/clock.ts'
import type { Identity } from '../../core/report.ts'
import { toSchedule } from '../../core/schedule.ts'
import type { Scrub } from '../../core/scrub.ts'
import { createThrottle } from '../../core/throttle.ts'
import { thrownText } from '../../core/thrown-text.ts'
import type { Log } from '../log.ts'
import type { CronRun, Notifier, NotifyEnd } from '../notifier.ts'
import { type Delivery, openDelivery, type SentrySdk } from './client.ts'
import { bugEvent, eventOf, isReported, type SentryEvent } from './event.ts'
import { monitorConfig } from './monitor.ts'

interface SentryNotifierOptions {
  readonly config: SentryConfig
  /** Loads the platform's SDK; called when there is something to report, never before. */
  readonly load: () => Promise<SentrySdk>
  readonly clock: Clock
  readonly scrub: Scrub
  readonly log: Log
}

/** In ms: each isolate reports the same check and code once in this time. What Sentry did not take goes with the next run. */
const everyMs = 5 * 60 * 1000

/** Sentry: an event for each fault, and check-ins that frame each cron run when a monitor is named. */
export function sentryNotifier({ config, load, clock, scrub, log }: SentryNotifierOptions): Notifier {
  const { dsn, environment = 'production', monitorSlug } = config
  const throttle = createThrottle(clock, everyMs)

  /** `sent`, or in a few words why not; the log has the reason. Never rejects. */
  async function deliver(identity: Identity, put: (delivery: Delivery) => void): Promise<string> {
    try {
      const delivery = openDelivery(await load(), { dsn, environment, identity, scrub })
      put(delivery)
      const lost = (await delivery.end()).find((attempt) => attempt !== 'sent')
      if (lost !== undefined) log('warn', 'Sentry was not notified', { reason: lost })
      return lost ?? 'sent'
    } catch (error) {
      log('error', 'Sentry was not notified', { reason: scrub(thrownText(error)) })
      return 'not sent'
    }
  }

  async function send(identity: Identity, events: readonly SentryEvent[]): Promise<void> {
    const due = events.filter(({ fingerprint }) => throttle.isDue(keyOf(fingerprint)))
    if (due.length === 0) return
    const outcome = await deliver(identity, (delivery) => {
      for (const event of due) delivery.capture(event)
    })
    if (outcome !== 'sent') for (const { fingerprint } of due) throttle.forget(keyOf(fingerprint))
  }

  function checkIn(cronRun: CronRun, slug: string): NotifyEnd {
    const schedule = scheduleOf(cronRun, config)
    const monitor = schedule && monitorConfig(schedule)
    let checkInId = ''
    const begun = deliver(cronRun, (delivery) => {
      checkInId = delivery.checkIn({ monitorSlug: slug, status: 'in_progress' }, monitor)
    })
    return async (end) => {
      // Sentry takes them in the order in which they arrive.
      await begun
      const status = end.passed ? 'ok' : 'error'
      const last = { monitorSlug: slug, checkInId, status, duration: end.durationMs / 1000 } as const
      return deliver(cronRun, (delivery) => delivery.checkIn(last, monitor))
    }
  }

  return {
    name: 'sentry',
    report: (run) =>
      send(
        run,
        run.results.filter(isReported).map((result) => eventOf(result, run)),
      ),
    bug: (error, identity) => send(identity, [bugEvent(error, identity)]),
    ...(monitorSlug === undefined ? {} : { begin: (cronRun: CronRun) => checkIn(cronRun, monitorSlug) }),
  }
}

const keyOf = (fingerprint: SentryEvent['fingerprint']): string => fingerprint.join(' ')

/** The trigger's own schedule; SENTRY_MONITOR_SCHEDULE where the trigger does not say it. */
function scheduleOf({ schedule, sunday = 1 }: CronRun, { monitorSchedule }: SentryConfig) {
  if (schedule !== undefined) return toSchedule(schedule, sunday)
  return monitorSchedule === undefined ? undefined : toSchedule(monitorSchedule, 0)
}
