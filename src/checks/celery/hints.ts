/**
 * What to look at when workers seem to be missing, for the details (pure).
 * @module
 */
import { controlChannel } from './keys.ts'
import type { CelerySettings } from './settings.ts'

export const hints = {
  no_workers: (settings: CelerySettingsForHints): string =>
    `No worker is subscribed to ${controlChannel(settings)}. If workers run, their broker may be another one than the ` +
    'Redis that was asked: CELERY_REDIS_REST_URL names it (on Node and Lambda CELERY_REDIS_URL too). Of RabbitMQ, SQS and, ' +
    'on Workers, a Redis without a REST API only CELERY_PROBE=heartbeat can see the workers. Then compare with the Celery app: ' +
    'CELERY_KEY_PREFIX is global_keyprefix, CELERY_CONTROL_EXCHANGE is control_exchange, the broker URL must use ' +
    `database ${settings.database ?? 0}, fanout_prefix must be on, worker_enable_remote_control must be on. ` +
    'A worker that starts or shuts down is not subscribed either.',

  no_reply: ({ timeoutMs, noReply }: CelerySettingsForHints): string =>
    `No worker answered within ${timeoutMs} ms (CELERY_TIMEOUT_MS). Either the workers hang, or they refuse JSON ` +
    '(accept_content, setup_security), or their broker is another database of the same Redis, or their priority_steps ' +
    'have no 0 and CELERY_PRIORITY_STEPS is not set' +
    (noReply === 'fail'
      ? ', or their pool is solo and busy with a task: CELERY_NO_REPLY=warn is for those.'
      : ', or their pool is solo and busy with a task.'),

  missing_queue:
    'The workers are alive and consume nothing: cancel_consumer was called, or they lost their consumers when the broker reconnected.',

  idle_worker:
    'These workers are alive and consume no queue while others do: cancel_consumer was called, or they lost their ' +
    'consumers when the broker reconnected. celery control add_consumer <queue> -d <worker> brings a queue back; ' +
    'a restart does too.',

  stuck_queue:
    'The same task has been the next of its queue for this long, while the workers that consume it answered. Proven: ' +
    'none of them took a task from it. Not proven: why. The processes of the pool hang, or they all run long tasks, or a ' +
    'rate limit holds the queue back. celery inspect active shows what runs; the heartbeat (CELERY_PROBE=both) proves ' +
    'whether tasks run at all.',

  heads_refused:
    'Whether the queues of CELERY_QUEUES move is not checked: this user may not read them (acl_rule).',

  unread:
    'More answers came than one run may read. What was not found among those that were read is not proven to be missing.',

  other_step:
    'The answers were in the list of another priority: the priority_steps of the workers (broker_transport_options) are ' +
    'not those of CELERY_PRIORITY_STEPS. Until they are, answers are found only at the end of CELERY_TIMEOUT_MS.',

  not_proven:
    'The answers are in a format that cannot be read here, so it is not proven that a queue is consumed. ' +
    'JSON, pickle, YAML and msgpack can be read (task_serializer); CELERY_PROBE=heartbeat proves more.',

  unbound:
    'The workers were asked without a binding, because no worker is registered, or more than can be read, or the registered ' +
    'ones do not show one separator (sep of broker_transport_options). They answer all the same. Waiting messages are then ' +
    'counted with CELERY_SEPARATOR; the entry of a worker that no longer exists can be removed from the registry (SREM).',

  other_separator:
    'CELERY_SEPARATOR is not the separator (sep of broker_transport_options) that the workers registered with. Theirs is used.',

  no_heartbeat: ({ heartbeatKey }: CelerySettingsForHints): string =>
    `There is no ${heartbeatKey} (CELERY_HEARTBEAT_KEY): the beat task has not run yet (a new beat first runs it after a whole interval), ` +
    'or its last run is longer ago than the expiry that it writes, or it writes to another Redis or key.',

  stale_heartbeat:
    'The beat task has not run lately: beat is down, the broker does not deliver, no worker takes the task, or all processes of the pool hang.',
} as const

type CelerySettingsForHints = Pick<
  CelerySettings,
  'keyPrefix' | 'controlExchange' | 'database' | 'timeoutMs' | 'noReply' | 'heartbeatKey'
>
