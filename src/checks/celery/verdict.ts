/**
 * From what was seen to what is said (pure).
 * @module
 */
import type { CeleryCode, Details, Outcome, Status } from '../../core/check.ts'
import type { Backlog } from './backlog.ts'
import type { HeartbeatAge } from './heartbeat.ts'
import { hints } from './hints.ts'
import type { Inspection } from './inspect.ts'
import { consumesSomething, isAnswered, isConsumed, type WorkerAnswer } from './messages.ts'
import type { CelerySettings } from './settings.ts'

/** What the probes saw; a probe that is switched off is absent. */
export interface Observation {
  readonly inspection?: Inspection
  /** Only with `maxBacklog`. */
  readonly backlog?: Backlog
  readonly heartbeat?: { readonly ageSeconds: HeartbeatAge }
}

export type VerdictSettings = Omit<CelerySettings, 'connection' | 'heartbeatConnection' | 'probe'>

/** One thing that is not as it should be. */
interface Sign {
  readonly code: CeleryCode
  readonly status: Exclude<Status, 'pass'>
  readonly details?: Details
}

/** The public sentence of each code. */
const sentences: Record<CeleryCode, string> = {
  no_workers: 'no Celery workers are subscribed',
  no_reply: 'Celery workers are subscribed but none answered',
  missing_worker: 'an expected Celery worker did not answer',
  too_few_workers: 'fewer Celery workers answered than expected',
  missing_queue: 'no answering Celery worker consumes an expected queue',
  no_heartbeat: 'no Celery heartbeat was found',
  stale_heartbeat: 'the Celery heartbeat is too old',
  silent_worker: 'a registered Celery worker did not answer',
  backlog: 'more messages wait in a Celery queue than allowed',
}

/** The first sign that fails, else the first that warns, else all is well. The rest is in the details. */
export function verdict(settings: VerdictSettings, observation: Observation): Outcome {
  const signs = [
    ...(observation.inspection ? inspectionSigns(settings, observation.inspection) : []),
    ...(observation.heartbeat ? heartbeatSigns(settings, observation.heartbeat.ageSeconds) : []),
    ...backlogSigns(settings, observation.backlog),
  ]
  const first = signs.find(({ status }) => status === 'fail') ?? signs[0]
  const details = Object.assign(
    seen(observation),
    separatorHint(settings, observation.inspection),
    ...signs.map((sign) => sign.details),
  )
  if (!first) return { status: 'pass', code: 'ok', output: 'celery ok', details }
  const also = signs.filter((sign) => sign !== first).map(({ code }) => code)
  return {
    status: first.status,
    code: first.code,
    output: sentences[first.code],
    details: { ...details, ...(also.length > 0 && { also_found: also }) },
  }
}

function inspectionSigns(settings: VerdictSettings, inspection: Inspection): Sign[] {
  const { subscribers, answers, registered } = inspection
  // Who is subscribed while no worker is registered is a stranger.
  const onlyStrangers = answers.length === 0 && registered?.length === 0
  if (subscribers === 0 || onlyStrangers) {
    return [{ code: 'no_workers', status: 'fail', details: { hint: hints.no_workers(settings) } }]
  }
  const silent = atMost((registered ?? []).filter((name) => !isAnswered(name, answers)))
  if (answers.length === 0) {
    const hint = hints.no_reply(settings)
    return [{ code: 'no_reply', status: settings.noReply, details: { silent, hint } }]
  }
  return [
    ...workerSigns(settings, answers),
    ...queueSigns(settings, answers),
    ...(silent.length > 0 ? [{ code: 'silent_worker', status: 'warn', details: { silent } } as const] : []),
  ]
}

function workerSigns(settings: VerdictSettings, answers: readonly WorkerAnswer[]): Sign[] {
  const { workers, expectedWorkers } = settings
  const signs: Sign[] = []
  const missing = workers.filter((name) => !isAnswered(name, answers))
  if (missing.length > 0) {
    signs.push({ code: 'missing_worker', status: 'fail', details: { missing_workers: missing } })
  }
  if (answers.length < expectedWorkers) {
    signs.push({ code: 'too_few_workers', status: 'fail', details: { expected_workers: expectedWorkers } })
  }
  return signs
}

function queueSigns({ queues }: VerdictSettings, answers: readonly WorkerAnswer[]): Sign[] {
  const missing = queues.filter((queue) => !isConsumed(queue, answers))
  const consuming = answers.map(consumesSomething)
  const idle = consuming.every((something) => something === false)
  if (missing.length === 0 && !idle) {
    const notProven = !consuming.includes(true) && queues.length === 0
    return notProven ? [{ code: 'missing_queue', status: 'warn', details: { hint: hints.not_proven } }] : []
  }
  const hint = idle && hints.missing_queue
  return [
    { code: 'missing_queue', status: 'fail', details: { missing_queues: missing, ...(hint && { hint }) } },
  ]
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

/** What was seen, whatever the verdict. */
function seen({ inspection, backlog, heartbeat }: Observation): Details {
  return {
    ...(inspection && {
      subscribers: inspection.subscribers,
      answered: inspection.answers.length,
      workers: atMost(
        inspection.answers.map(({ worker, queues, unreadable, afterMs }) =>
          unreadable === undefined
            ? { name: worker, queues, ms: afterMs }
            : { name: 'unknown: the answer is not JSON', ms: afterMs },
        ),
      ),
    }),
    ...(backlog && { backlog }),
    ...(heartbeat?.ageSeconds !== undefined && {
      heartbeat_age_seconds: Math.round(heartbeat.ageSeconds * 10) / 10,
    }),
  }
}

function separatorHint({ separator }: VerdictSettings, inspection: Inspection | undefined): Details {
  const learned = inspection?.separator
  if (separator !== undefined && learned !== undefined && separator !== learned) {
    return { separator_hint: hints.other_separator }
  }
  const isSomebody = (inspection?.answers.length ?? 0) > 0 || (inspection?.registered?.length ?? 0) > 0
  return inspection?.isUnbound && isSomebody ? { separator_hint: hints.unbound } : {}
}

/** Details are for reading, and bounded. */
function atMost<Item>(items: readonly Item[], count = 100): readonly Item[] {
  return items.length <= count ? items : items.slice(0, count)
}
