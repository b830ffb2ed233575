import type { Observation } from '../../history/observation.ts'
import type { Alert, AlertKind, AlertRules } from './alert.ts'

/** Results of several isolates that are nearer to each other than this, in ms, are one run: a restart takes longer. */
export const sameRunMs = 5000
/** So many changes within so many runs are flapping, about the 20 % at which Nagios stops to call it so. */
const flappingChanges = 4
const flappingRuns = 21
const repeatFlappingMs = 3_600_000

/**
 * What has to be said of a check now, given what was said last; the same object where nothing is new.
 *
 * Bad and good runs count as gatus counts them (watchdog/alerting.go): `after` bad ones in a row fire, `resolveAfter` good ones
 * resolve. While a check flaps there is one message, and then at most one an hour.
 *
 * @param latest of this check, in their order
 * @param now epoch ms
 */
export function nextAlert(
  alert: Alert | undefined,
  latest: readonly Observation[],
  now: number,
  rules: AlertRules,
): Alert | undefined {
  const runs = runsOf(latest)
  const last = runs.at(-1)
  // In a maintenance window nothing is said; what is still bad after it is said then.
  if (!last || last.isMaintenance) return alert
  const isBad = ({ status }: Observation) => status === 'fail' || (rules.warnings && status === 'warn')
  const isFiring = alert !== undefined && alert.kind !== 'resolved'
  const streak = streakOf(runs, isBad, isBad(last))
  // Who depends on a check that fails leaves it to that one.
  if (!isFiring && last.causedBy !== '') return alert
  const since = streak[0]?.at ?? last.at
  const say = (kind: AlertKind, id: string, from: number): Alert => ({
    kind,
    id: `${last.check}/${id}`,
    since: from,
    at: now,
    done: [],
    notified: alert?.notified ?? [],
  })
  if (changesOf(runs, isBad) >= flappingChanges) {
    if (alert?.kind !== 'flapping') return say('flapping', `${since}/flapping`, since)
    if (now - alert.at < repeatFlappingMs) return alert
    return say('flapping', `${alert.since}/flapping/${alert.at}`, alert.since)
  }
  if (!isBad(last)) {
    if (!isFiring || streak.length < rules.resolveAfter) return alert
    return say('resolved', `${alert.since}/resolved`, alert.since)
  }
  if (!isFiring || alert.kind === 'flapping') {
    return streak.length >= rules.after ? say('fired', `${since}/fired`, since) : alert
  }
  const isDue = rules.remindAfterMs !== undefined && now - alert.at >= rules.remindAfterMs
  return isDue ? say('reminder', `${alert.since}/reminder/${alert.at}`, alert.since) : alert
}

/**
 * Whether the last run was bad, and so many before it in a row that it is not an accident: the same count as that of the first
 * alert, and two at least. A warning is not bad here.
 *
 * @param latest of one check, in their order
 */
export function isConfirmed(latest: readonly Observation[], { after }: Pick<AlertRules, 'after'>): boolean {
  const runs = runsOf(latest)
  const isBad = ({ status }: Observation) => status === 'fail'
  return streakOf(runs, isBad, true).length >= Math.max(2, after)
}

function runsOf(latest: readonly Observation[]): Observation[] {
  const runs: Observation[] = []
  for (const each of latest) {
    const last = runs.at(-1)
    if (!last || each.at - last.at >= sameRunMs) runs.push(each)
  }
  return runs
}

type IsBad = (run: Observation) => boolean

/** The last runs that are all bad, or all good. */
function streakOf(runs: readonly Observation[], isBad: IsBad, areBad: boolean): readonly Observation[] {
  return runs.slice(runs.findLastIndex((run) => isBad(run) !== areBad) + 1)
}

function changesOf(runs: readonly Observation[], isBad: IsBad): number {
  const recent = runs.slice(-flappingRuns)
  return recent.filter((run, index) => isBad(run) !== isBad(recent[index - 1] ?? run)).length
}

/** The alert after these channels have taken it. */
export function delivered(alert: Alert, channels: readonly string[]): Alert {
  const merged = (known: readonly string[]) => [...new Set([...known, ...channels])]
  const notified =
    alert.kind === 'resolved'
      ? alert.notified.filter((name) => !channels.includes(name))
      : merged(alert.notified)
  return { ...alert, done: merged(alert.done), notified }
}

/** The channels that still have to be notified. One that got no alert gets no message that it is resolved. */
export function undelivered(alert: Alert, channels: readonly string[]): string[] {
  const concerned =
    alert.kind === 'resolved' ? channels.filter((name) => alert.notified.includes(name)) : channels
  return concerned.filter((name) => !alert.done.includes(name))
}
