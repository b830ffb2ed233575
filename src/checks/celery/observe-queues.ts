import type { Clock } from '../../core/clock.ts'
import type { Inspection } from './inspect.ts'
import { aclRule, isRefusal } from './permissions.ts'
import { lookAtQueues, type QueueLook } from './queues.ts'
import type { Requests } from './requests.ts'
import type { CelerySettings } from './settings.ts'
import type { StuckQueues } from './stuck.ts'
import type { Observation } from './verdict.ts'

type QueueSettings = Pick<
  CelerySettings,
  'keyPrefix' | 'controlExchange' | 'database' | 'separator' | 'prioritySteps' | 'queues' | 'maxBacklog'
>

/**
 * Looks at the queues that are named or consumed: how much waits, and whether it moves. Only the first is needed for the
 * verdict, so a user who may not see the second learns which rule would allow it, and fails nothing.
 */
export async function observeQueues(
  requests: Requests,
  settings: QueueSettings,
  { answers, separator }: Inspection,
  stuckQueues: StuckQueues,
  clock: Pick<Clock, 'monotonic'>,
): Promise<Pick<Observation, 'backlog' | 'stuck' | 'headsRule'>> {
  const isCounted = settings.maxBacklog !== undefined
  const queues = [...new Set([...settings.queues, ...answers.flatMap((answer) => answer.queues)])]
  const naming = { ...settings, ...(separator !== undefined && { separator }) }
  const { backlog, heads } =
    isCounted || answers.length > 0
      ? await requests
          .send((redis) => lookAtQueues(redis, naming, queues, isCounted))
          .catch((error): QueueLook => {
            if (isCounted || !isRefusal(error)) throw error
            return {}
          })
      : { heads: new Map() }
  // What is not seen now is forgotten: the time of a queue counts from where it is seen again.
  const stuck = stuckQueues(heads ?? new Map(), answers, clock.monotonic())
  return {
    ...(backlog && { backlog }),
    ...(stuck.length > 0 && { stuck }),
    ...(!heads && { headsRule: aclRule({ ...naming, queues }) }),
  }
}
