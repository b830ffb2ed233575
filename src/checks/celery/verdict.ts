/**
 * From what was seen to what is said (pure).
 * @module
 */
import type { CeleryCode, Details, Outcome } from '../../core/check.ts'
import { hints } from './hints.ts'
import type { Inspection } from './inspect.ts'
import type { Backlog } from './queues.ts'
import { atMost, type Observation, signsOf, unknownName, type VerdictSettings } from './signs.ts'

export type { Observation, VerdictSettings } from './signs.ts'

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
  idle_worker: 'a Celery worker answered that consumes no queue',
  stuck_queue: 'a Celery queue with consumers has not moved',
}

/** The first sign that fails, else the first that warns, else all is well. The rest is in the details. */
export function verdict(settings: VerdictSettings, observation: Observation): Outcome {
  const signs = signsOf(settings, observation)
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

/** What was seen, whatever the verdict. */
function seen({ inspection, backlog, heartbeat, headsRule }: Observation): Details {
  return {
    ...(inspection && {
      subscribers: inspection.subscribers,
      answered: inspection.answers.length,
      workers: atMost(
        inspection.answers.map(({ worker, queues, unreadable, afterMs }) =>
          unreadable === undefined
            ? { name: worker, queues: atMost(queues), ms: afterMs }
            : { name: unknownName, ms: afterMs },
        ),
      ),
    }),
    ...(inspection?.hasUnread && { unread_hint: hints.unread }),
    ...(inspection?.isOtherStep && { priority_hint: hints.other_step }),
    ...(backlog && { backlog: longest(backlog) }),
    ...(headsRule !== undefined && { stuck_hint: hints.heads_refused, acl_rule: headsRule }),
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

function longest(backlog: Backlog): Backlog {
  return Object.fromEntries(atMost(Object.entries(backlog).sort(([, one], [, other]) => other - one)))
}
