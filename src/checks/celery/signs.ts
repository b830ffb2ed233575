/**
 * What is not as it should be in what was seen (pure).
 * @module
 */
import type { CeleryCode, Details, Status } from '../../core/check.ts'
import type { HeartbeatAge } from './heartbeat.ts'
import { hints } from './hints.ts'
import type { Inspection } from './inspect.ts'
import { consumesSomething, isAnswered, isConsumed, type WorkerAnswer } from './messages.ts'
import type { Backlog } from './queues.ts'
import { holdsString } from './search.ts'
import type { CelerySettings } from './settings.ts'
import type { StuckQueue } from './stuck.ts'

/** What the probes saw; a probe that is switched off is absent. */
export interface Observation {
  readonly inspection?: Inspection
  /** Only with `maxBacklog`. */
  readonly backlog?: Backlog
  /** Only with `maxBacklog` or `queues`. */
  readonly stuck?: readonly StuckQueue[]
  /** The ACL rule of a user who may see whether queues move, where this one may not. */
  readonly headsRule?: string
  readonly heartbeat?: { readonly ageSeconds: HeartbeatAge }
}

export type VerdictSettings = Omit<CelerySettings, 'probe'>

/** One thing that is not as it should be. */
interface Sign {
  readonly code: CeleryCode
  readonly status: Exclude<Status, 'pass'>
  readonly details?: Details
}

/** All signs. Among those that fail, and among those that warn, the first one counts most. */
export function signsOf(settings: VerdictSettings, observation: Observation): Sign[] {
  const { inspection, heartbeat, backlog, stuck } = observation
  return [
    ...(inspection ? inspectionSigns(settings, inspection) : []),
    ...(heartbeat ? heartbeatSigns(settings, heartbeat.ageSeconds) : []),
    ...backlogSigns(settings, backlog),
    ...(inspection ? idleSigns(settings, inspection) : []),
    ...stuckSigns(stuck),
  ]
}

function inspectionSigns(settings: VerdictSettings, inspection: Inspection): Sign[] {
  const { subscribers, answers, registered, hasUnread } = inspection
  // Who is subscribed while no worker is registered is a stranger.
  const onlyStrangers = answers.length === 0 && registered?.length === 0
  if (subscribers === 0 || onlyStrangers) {
    return [{ code: 'no_workers', status: 'fail', details: { hint: hints.no_workers(settings) } }]
  }
  // Whose answer was not read is not silent.
  const missed = hasUnread ? [] : (registered ?? []).filter((name) => !isAnswered(name, answers))
  const silent = atMost(missed)
  if (answers.length === 0) {
    const hint = hints.no_reply(settings)
    return [{ code: 'no_reply', status: settings.noReply, details: { silent, hint } }]
  }
  return [
    ...workerSigns(settings, inspection),
    ...queueSigns(settings, inspection),
    ...(silent.length > 0 ? [{ code: 'silent_worker', status: 'warn', details: { silent } } as const] : []),
  ]
}

/** What was not found among answers of which some were not read is not proven to be missing. */
const statusOf = ({ hasUnread }: Inspection) => (hasUnread ? 'warn' : 'fail')

function workerSigns(settings: VerdictSettings, inspection: Inspection): Sign[] {
  const { workers, expectedWorkers } = settings
  const { answers } = inspection
  const status = statusOf(inspection)
  const signs: Sign[] = []
  const missing = workers.filter((name) => !isAnswered(name, answers))
  if (missing.length > 0) {
    signs.push({ code: 'missing_worker', status, details: { missing_workers: missing } })
  }
  if (answers.length < expectedWorkers) {
    signs.push({ code: 'too_few_workers', status, details: { expected_workers: expectedWorkers } })
  }
  return signs
}

function queueSigns({ queues }: VerdictSettings, inspection: Inspection): Sign[] {
  const { answers } = inspection
  const missing = queues.filter((queue) => !isConsumed(queue, answers))
  const consuming = answers.map(consumesSomething)
  const idle = consuming.every((something) => something === false)
  if (missing.length === 0 && !idle) {
    const notProven = !consuming.includes(true) && queues.length === 0
    return notProven ? [{ code: 'missing_queue', status: 'warn', details: { hint: hints.not_proven } }] : []
  }
  const hint = idle && hints.missing_queue
  const details = { missing_queues: missing, ...(hint && { hint }) }
  return [{ code: 'missing_queue', status: statusOf(inspection), details }]
}

function heartbeatSigns(settings: VerdictSettings, ageSeconds: HeartbeatAge): Sign[] {
  if (ageSeconds === undefined) {
    return [
      { code: 'no_heartbeat', status: 'fail', details: { heartbeat_hint: hints.no_heartbeat(settings) } },
    ]
  }
  if (ageSeconds <= settings.heartbeatMaxAgeSeconds) return []
  const details = {
    heartbeat_max_age_seconds: settings.heartbeatMaxAgeSeconds,
    heartbeat_hint: hints.stale_heartbeat,
  }
  return [{ code: 'stale_heartbeat', status: 'fail', details }]
}

function backlogSigns({ maxBacklog }: VerdictSettings, backlog: Backlog = {}): Sign[] {
  if (maxBacklog === undefined) return []
  const over = Object.values(backlog).some((waiting) => waiting > maxBacklog)
  return over ? [{ code: 'backlog', status: 'warn', details: { max_backlog: maxBacklog } }] : []
}

/** Where no worker consumes anything it is `missing_queue`, which fails. */
function idleSigns({ workers }: VerdictSettings, { answers, registered = [] }: Inspection): Sign[] {
  const idle = answers.filter((answer) => consumesSomething(answer) === false)
  if (idle.length === 0 || idle.length === answers.length) return []
  const known = [...workers, ...registered]
  const nameOf = ({ worker, unreadable }: WorkerAnswer) =>
    worker ?? known.find((name) => holdsString(unreadable, name)) ?? unknownName
  const details = { idle_workers: atMost(idle.map(nameOf)), idle_hint: hints.idle_worker }
  return [{ code: 'idle_worker', status: 'warn', details }]
}

function stuckSigns(stuck: readonly StuckQueue[] = []): Sign[] {
  if (stuck.length === 0) return []
  const details = { stuck_queues: atMost(stuck), stuck_hint: hints.stuck_queue }
  return [{ code: 'stuck_queue', status: 'warn', details }]
}

/** In the place of the name of a worker whose answer cannot be read. */
export const unknownName = 'unknown: the answer is not JSON'

/** Details are for reading, and bounded. */
export function atMost<Item>(items: readonly Item[], count = 100): readonly Item[] {
  return items.length <= count ? items : items.slice(0, count)
}
