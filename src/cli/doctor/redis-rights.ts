import { controlChannel, ownKeys, queueLists, registrySet } from '../../checks/celery/keys.ts'
import type { CeleryConfig } from '../../config/celery.ts'
import type { Config } from '../../config/config.ts'

/** Something that a check or the store does in Redis. */
export interface RedisRight {
  /** As an ACL rule has it: `+getrange ~edge-health:*`. */
  readonly rule: string
  /** What needs it: a check or a setting. */
  readonly neededBy: string
  /** What is tried. */
  readonly attempt: Attempt
}

/** A command that changes nothing that anybody else reads. What it writes expires at once. */
export type Attempt =
  | { readonly how: 'get'; readonly key: string }
  | { readonly how: 'getrange'; readonly key: string }
  | { readonly how: 'set'; readonly key: string }
  | { readonly how: 'no script' }
  | { readonly how: 'script'; readonly words: readonly [command: string, key: string, ...args: string[]] }

const probeKey = 'edge-health:probe'

/**
 * The rights on the application's Redis, as docs/least-privilege.md lists them.
 *
 * @param storeKey the beginning of the store's keys
 */
export function applicationRights(config: Config, storeKey: string): RedisRight[] {
  const { checkers, redisWrite, store, celery } = config
  const prefix = storeKey.startsWith('edge-health:') ? 'edge-health:*' : `${storeKey}:*`
  return [
    ...(checkers.includes('redis')
      ? [right(`+get ~${probeKey}`, 'redis', { how: 'get', key: probeKey })]
      : []),
    ...(checkers.includes('redis') && redisWrite
      ? [right(`+set ~${probeKey}`, 'HEALTH_REDIS_WRITE', { how: 'set', key: probeKey })]
      : []),
    ...(store
      ? [
          right(`+getrange ~${prefix}`, 'HEALTH_STORE', { how: 'getrange', key: `${storeKey}:snapshot` }),
          right(`+set ~${prefix}`, 'HEALTH_STORE', { how: 'set', key: `${storeKey}:doctor` }),
        ]
      : []),
    ...(checkers.includes('celery') && celery && celery.probe !== 'control'
      ? [right(`+get ~${celery.heartbeatKey}`, 'CELERY_PROBE', { how: 'get', key: celery.heartbeatKey })]
      : []),
  ]
}

/**
 * The rights on Celery's broker. EXPIRE comes before what writes: where it is denied, nothing is written that would stay.
 */
export function brokerRights(celery: CeleryConfig): RedisRight[] {
  if (celery.probe === 'heartbeat') return []
  const [replies = '', bindings = ''] = ownKeys(celery)
  const ownList = replies.replace('*', 'doctor')
  const ownSet = bindings.replace('*', 'doctor')
  const registry = registrySet(celery)
  const channel = controlChannel(celery)
  const script = (rule: string, ...words: [string, string, ...string[]]) =>
    right(rule, 'celery', { how: 'script', words })
  return [
    script(`+expire ~${replies}`, 'EXPIRE', ownList, '1'),
    script(`+lpush ~${replies}`, 'LPUSH', ownList, 'doctor'),
    script(`+lrange ~${replies}`, 'LRANGE', ownList, '0', '0'),
    script(`+sadd ~${bindings}`, 'SADD', ownSet, 'doctor'),
    script(`+srandmember ~${registry}`, 'SRANDMEMBER', registry, '1'),
    // Workers ignore an empty message (`Channel._receive_one`).
    script(`+publish &${channel}`, 'PUBLISH', channel, ''),
    ...queueRights(celery),
  ]
}

function queueRights(celery: CeleryConfig): RedisRight[] {
  const { queues, maxBacklog } = celery
  return queues.flatMap((queue) => {
    const lists = queueLists(celery, queue)
    const [first = queue] = lists
    const head = right(`+lindex ~${first}`, 'CELERY_QUEUES', {
      how: 'script',
      words: ['LINDEX', first, '-1'],
    })
    const lengths = lists.map((list) =>
      right(`+llen ~${list}`, 'CELERY_MAX_BACKLOG', { how: 'script', words: ['LLEN', list] }),
    )
    return maxBacklog === undefined ? [head] : [head, ...lengths]
  })
}

const right = (rule: string, neededBy: string, attempt: Attempt): RedisRight => ({ rule, neededBy, attempt })
