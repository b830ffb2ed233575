import type { Schedule } from '../../core/schedule.ts'

/**
 * What Sentry makes or changes the monitor to with a check-in. Two bad check-ins in a row open an issue: a deploy or a
 * restarting worker is one. Minutes.
 */
export function monitorConfig(schedule: Schedule) {
  return {
    schedule,
    timezone: 'Etc/UTC',
    checkinMargin: 5,
    maxRuntime: 2,
    failureIssueThreshold: 2,
    recoveryThreshold: 1,
  }
}
