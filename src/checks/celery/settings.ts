/** What holds where a setting is absent: the defaults of the `CELERY_*` variables. */
export const defaultSettings: CelerySettings = {
  probe: 'control',
  expectedWorkers: 1,
  workers: [],
  queues: [],
  noReply: 'fail',
  keyPrefix: '',
  controlExchange: 'celery',
  timeoutMs: 1000,
  heartbeatKey: 'edge-health:celery',
  heartbeatMaxAgeSeconds: 180,
}

/** How the Celery check asks and what it expects. Every setting has its `CELERY_*` variable. */
export interface CelerySettings {
  /** `control` asks the workers themselves, `heartbeat` reads what a beat task wrote, `both` does both at once. */
  readonly probe: 'control' | 'heartbeat' | 'both'
  /** Fewer answers than this fail. */
  readonly expectedWorkers: number
  /** Node names that must answer (`celery@host`). Not a filter: the others are asked and counted too. */
  readonly workers: readonly string[]
  /** Queues that at least one answering worker must consume. Costs one round trip, and 1 command per queue, when set. */
  readonly queues: readonly string[]
  /** Waiting messages per queue above this warn. Costs one round trip, 1 command per queue and priority step, and 1 per queue in which something waits, when set. */
  readonly maxBacklog?: number
  /** What it is when workers are subscribed and none answers; `warn` for solo pools, which are silent while they work. */
  readonly noReply: 'fail' | 'warn'
  /** Celery's `broker_transport_options["global_keyprefix"]`, empty by default. */
  readonly keyPrefix: string
  /** Celery's `control_exchange`, `celery` by default. */
  readonly controlExchange: string
  /**
   * Celery's `broker_transport_options["sep"]`. The workers' registry shows it; this one saves a round trip, and is
   * used to count the backlog where the registry shows none.
   */
  readonly separator?: string
  /** Celery's `broker_transport_options["priority_steps"]`, 0, 3, 6 and 9 by default. */
  readonly prioritySteps?: readonly number[]
  /** The number in the path of the broker's URL, 0 by default. The client has to be connected to the same one. */
  readonly database?: number
  /** Milliseconds that workers have for their answer, counted from the answer to the publish. */
  readonly timeoutMs: number
  readonly heartbeatKey: string
  /** Seconds. */
  readonly heartbeatMaxAgeSeconds: number
}
